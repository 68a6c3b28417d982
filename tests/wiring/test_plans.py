"""What is asked again and again must not read whole tables. SQLite says in advance what it would do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from postroom.channels.mail.intake import accept
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Conversation, Message
from postroom.core.events import log
from postroom.core.events.log import Position
from postroom.wiring.rounds import ROUNDS, Round

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

MAIL = b"From: ann@customers.example\nTo: support@velo.example\nMessage-ID: <2@a>\nIn-Reply-To: <1@a>\n\nhi\n"
# A partial index may be walked from its start: it holds only what waits.
SMALL = ("USING INDEX incoming_to_file", "USING COVERING INDEX incoming_to_file")


@contextmanager
def plans() -> Iterator[list[str]]:
    """Collect the plan of each statement of the block that would scan a table that grows with the mail."""
    found: list[str] = []
    explaining = False

    def explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal explaining
        if not explaining and sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            explaining = True
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                found.extend(f"{step[3]} in {sql}" for step in cursor.fetchall() if _scans(step[3]))
            explaining = False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield found


def _scans(step: str) -> bool:
    grows = ("_message", "_conversation", "_event", "_incomingmail", "_contact", "_participant", "_notification")
    return step.startswith("SCAN postroom_") and step.split()[1].endswith(grows) and not step.endswith(SMALL)


@pytest.mark.parametrize("one", ROUNDS, ids=lambda one: one.name)
def test_a_round_that_finds_nothing_reads_no_table_whole(one: Round) -> None:
    with plans() as found:
        one.step()
    assert found == []


def test_filing_an_answer_reads_no_table_whole(mailbox: Mailbox) -> None:
    accept(MAIL, mailbox=mailbox, transport="lmtp")
    with plans() as found:
        assert ROUNDS[0].step()
    assert Conversation.objects.count() == 1
    assert found == []


def test_the_log_is_read_on_from_the_place_itself() -> None:
    (plan,) = _explained(log.later(Position(0, 10_000)))
    assert "rowid>?" in plan


def test_this_test_sees_a_scan() -> None:
    with plans() as found:
        list(Message.objects.filter(text="x"))
    assert found


def _explained(rows: "QuerySet[Any]") -> list[str]:
    return rows.explain().splitlines()
