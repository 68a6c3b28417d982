"""A trash is emptied while others hold what is in it, or add to it."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from postroom.core.conversations.actions.empty_trash import empty_next, empty_trash
from postroom.core.conversations.actions.trash import trash
from postroom.core.conversations.models import Conversation, Emptying
from postroom.lib import clock
from tests.core.conftest import Desk
from tests.people import put_on
from tests.threads import in_thread

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def _to_be_emptied(desk: Desk) -> Conversation:
    put_on(desk.mailbox, desk.alice, level=3)
    conversation = desk.conversation()
    trash(conversation, by=desk.alice)
    empty_trash(desk.mailbox, until=clock.now(), by=desk.alice)
    return conversation


def test_what_somebody_holds_at_this_moment_is_deleted_in_another_round(desk: Desk) -> None:
    conversation = _to_be_emptied(desk)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Conversation.objects.select_for_update().get(pk=conversation.pk)
                held.set()
                let_go.wait(10)
        finally:
            connection.close()

    with in_thread(threading.Thread(target=hold)):
        held.wait(10)
        assert not empty_next()
        assert not Emptying.objects.exclude(ended_at=None).exists()
        let_go.set()
    while empty_next():
        pass
    assert not Conversation.objects.exists()
    assert Emptying.objects.get().deleted == 1


def test_words_that_are_read_meanwhile_find_their_message_gone(desk: Desk) -> None:
    conversation = _to_be_emptied(desk)
    message = conversation.messages.get()
    begin, tried = threading.Event(), threading.Event()
    failed: list[str] = []

    def put_words() -> None:
        try:
            begin.wait(10)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO postroom_search_entry (message_id, words) VALUES (%s, '')", [message.pk])
        except IntegrityError as error:
            failed.append(str(error))
        finally:
            tried.set()
            connection.close()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith('DELETE FROM "postroom_search_entry"'):
            begin.set()
            # It may not commit before the message is gone, so that this is over first.
            tried.wait(0.5)
        return done

    with in_thread(threading.Thread(target=put_words)), connection.execute_wrapper(watch):
        assert empty_next()
    assert not Conversation.objects.exists()
    assert len(failed) == 1
