from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.mailbox_naming import names_like
from postroom.core.conversations.actions.moving import Beside, MovedSince, MoveRefused, NotAMail, held, move, name_of
from postroom.core.conversations.actions.recount import recount
from postroom.core.conversations.actions.sensitive import carry_names
from postroom.core.conversations.actions.take_out import begin_with, customer_of
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.evidence import TAKEN_OUT
from postroom.core.conversations.models import MERGED, Conversation, Message
from postroom.core.conversations.models.message import CANCELLED
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import BegunBySplit, MessagesSplitOff, SplitUndone
from postroom.core.events.models import Event
from postroom.core.events.record import record


class NothingStays(MoveRefused):
    def __init__(self) -> None:
        super().__init__(_("Something has to stay here. Nothing was moved. Leave at least one message out."))


class NothingGoes(MoveRefused):
    def __init__(self) -> None:
        super().__init__(_("No message was chosen. Nothing was moved."))


def split(conversation: Conversation, *, messages: Collection[int], by: Actor) -> Conversation:
    """Let these messages, by id, be a conversation of their own and return that; MoveRefused when they cannot.

    One of them at least is a mail that came in: its sender is the customer there. Replies and notes may go along.
    Answers to them follow them. Its opposite is `unsplit`.
    """
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        source = held(conversation.pk)[conversation.pk]
        here = Message.objects.filter(conversation=source).exclude(delivery=CANCELLED)
        chosen = list(here.filter(pk__in=messages).order_by("pk"))
        if source.status == MERGED or len(chosen) != len(set(messages)):
            raise MovedSince
        if not chosen:
            raise NothingGoes
        if any(one.side_thread_id is not None for one in chosen):
            raise Beside
        if not here.exclude(pk__in=messages).exists():
            raise NothingStays
        first, contact = next(((one, found) for one in chosen if (found := customer_of(one))), (None, None))
        if first is None or contact is None:
            raise NotAMail
        made = begin_with(first, source, contact)
        if source.sensitive:
            names_like(made, other=source)
        was = tuple((one.pk, one.joined_by, one.joined_detail) for one in chosen)
        numbers = [one.pk for one in chosen]
        move(numbers, into=made)
        Message.objects.filter(pk__in=numbers).update(joined_by=TAKEN_OUT, joined_detail=name_of(by)[:300])
        recount(source)
        recount(made)
        mailbox = {"mailbox_id": made.mailbox_id}
        record(MessagesSplitOff(to=made.pk, count=len(numbers)), by=by, conversation_id=source.pk, **mailbox)
        record(BegunBySplit(origin=source.pk, was=was), by=by, conversation_id=made.pk, **mailbox)
    return made


def unsplit(conversation: Conversation, *, by: Actor) -> Conversation:
    """Put what a split made a conversation of back, but for what went elsewhere since, and return where it is again.

    With whatever came to it since it stays; MovedSince when there is nothing to put back.
    """
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        begun = Event.objects.filter(conversation_id=conversation.pk, kind=BegunBySplit.name).order_by("-pk").first()
        if begun is None:
            raise MovedSince
        rows = held(conversation.pk, begun.data["origin"])
        made, origin = rows[conversation.pk], rows.get(begun.data["origin"])
        if origin is None or MERGED in (made.status, origin.status) or made.mailbox_id != origin.mailbox_id:
            raise MovedSince
        was = {pk: (code, detail) for pk, code, detail in begun.data["was"]}
        back = list(Message.objects.filter(pk__in=was, conversation=made).values_list("pk", flat=True))
        if not back:
            raise MovedSince
        carry_names(made, into=origin, whole=False)
        move(back, into=origin)
        for pk in back:
            Message.objects.filter(pk=pk).update(joined_by=was[pk][0], joined_detail=was[pk][1])
        if not Message.objects.filter(conversation=made).exclude(delivery=CANCELLED).exists():
            made.status, made.merged_into = MERGED, origin
            Conversation.objects.filter(pk=made.pk).update(status=MERGED, merged_into=origin)
        recount(made)
        recount(origin)
        record(SplitUndone(origin=made.pk), by=by, mailbox_id=origin.mailbox_id, conversation_id=origin.pk)
    return origin
