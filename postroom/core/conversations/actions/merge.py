from django.db import transaction

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.carry_drafts import carry_drafts
from postroom.core.conversations.actions.carry_drops import carry_drops, part_drops
from postroom.core.conversations.actions.hold_back import overtake_merged
from postroom.core.conversations.actions.moving import (
    MovedSince,
    OtherMailbox,
    OtherNames,
    SameConversation,
    carry_former,
    held,
    move,
    target_of,
    wake,
)
from postroom.core.conversations.actions.recount import recount
from postroom.core.conversations.actions.sensitive import carry_names, owner_goes
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.answered import left_out
from postroom.core.conversations.models import (
    CLOSED,
    MERGED,
    OPEN,
    SPAM,
    TRASH,
    Attachment,
    Conversation,
    ConversationTag,
    Message,
    Participant,
    ReadMark,
)
from postroom.core.conversations.models.message import CANCELLED, IN
from postroom.core.events.actor import SYSTEM, Actor
from postroom.core.events.kinds import ConversationJoined, ConversationLeft, Merged, Parted
from postroom.core.events.models import Event
from postroom.core.events.record import record
from postroom.lib.addresses import normalize


def merge(conversation: Conversation, *, into: Conversation, by: Actor) -> Conversation:
    """Move all messages into another conversation of the mailbox and return that; MoveRefused when it cannot be.

    What is left is no conversation any more: it is in no list, and its number leads to the other one. Its opposite is
    `unmerge`.
    """
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        number = target_of(into)
        if conversation.pk == number:
            raise SameConversation(number)
        rows = held(conversation.pk, number)
        source, target = rows[conversation.pk], rows[number]
        if MERGED in (source.status, target.status):
            raise MovedSince
        if source.mailbox_id != target.mailbox_id:
            raise OtherMailbox
        _merge(source, target, by=by)
    return target


def join_late(number: int, *, into: Conversation) -> bool:
    """Merge a conversation that a mail began before its question came; False when it has become more than that.

    Everybody who wrote in it has to take part where it goes: a stranger's mail is not carried along.
    """
    source = Conversation.objects.filter(pk=number).select_related("contact").first()
    if source is None or source.pk == into.pk or source.status in (MERGED, SPAM, TRASH):
        return False
    if source.sensitive and not Conversation.objects.filter(pk=into.pk, sensitive_since__isnull=False).exists():
        # Nobody loses sight of a conversation because of a late mail.
        return False
    writers = set(source.messages.filter(kind=IN, side_thread=None).values_list("from_email", flat=True))
    part = set(Participant.objects.filter(conversation=into).values_list("email", flat=True))
    contact = Conversation.objects.values_list("contact__email", flat=True).get(pk=into.pk)
    if not {normalize(email) for email in writers} <= part | {normalize(contact)}:
        return False
    try:
        merge(source, into=into, by=SYSTEM)
    except (OtherNames, OtherMailbox):
        return False
    return True


def unmerge(conversation: Conversation, *, by: Actor) -> Conversation:
    """Give a merged conversation its messages back, but for those that went elsewhere since; MovedSince when it cannot.

    Returns it, with the status it had.
    """
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        merged = Event.objects.filter(conversation_id=conversation.pk, kind=Merged.name).order_by("-pk").first()
        if merged is None:
            raise MovedSince
        rows = held(conversation.pk, merged.data["to"])
        source, target = rows[conversation.pk], rows.get(merged.data["to"])
        if target is None or source.status != MERGED or source.merged_into_id != target.pk:
            raise MovedSince
        back = Message.objects.filter(pk__in=merged.data["messages"], conversation=target)
        move(list(back.values_list("pk", flat=True)), into=source)
        _rest(source, merged.data["status"] or OPEN)
        if target.status == OPEN and merged.data["opened"] not in ("", OPEN):
            _rest(target, merged.data["opened"])
        recount(source)
        recount(target)
        part_drops(merged.data.get("dropped", ()), source=source, target=target)
        record(ConversationLeft(origin=source.pk), by=by, mailbox_id=target.mailbox_id, conversation_id=target.pk)
        record(Parted(from_id=target.pk), by=by, mailbox_id=source.mailbox_id, conversation_id=source.pk)
    return source


def _merge(source: Conversation, target: Conversation, *, by: Actor) -> None:
    carry_names(source, into=target, whole=True)
    status, opened = source.status, target.status
    messages = list(source.messages.order_by("pk").values_list("pk", flat=True))
    read, dropped = _read_both(source, target), left_out(source)
    move(messages, into=target)
    carry_former(source, into=target)
    # What somebody has uploaded for a reply that is not sent yet.
    Attachment.objects.filter(conversation=source).update(conversation=target)
    carry_drafts(source, into=target)
    tags = ConversationTag.objects.filter(conversation=source).values_list("tag_id", flat=True)
    ConversationTag.objects.bulk_create(
        [ConversationTag(conversation=target, tag_id=tag) for tag in tags], ignore_conflicts=True
    )
    _offers_end(messages, target)
    wake(target, source_status=status)
    if target.assignee_id is None and target.team_id is None:
        Conversation.objects.filter(pk=target.pk).update(assignee_id=source.assignee_id, team_id=source.team_id)
        owner_goes(target.pk)
    # Whatever led to the emptied one leads on at once, not in a chain.
    Conversation.objects.filter(merged_into=source).update(merged_into=target)
    source.status, source.merged_into = MERGED, target
    Conversation.objects.filter(pk=source.pk).update(status=MERGED, merged_into=target, waiting_since=None)
    recount(source)
    recount(target)
    drops = carry_drops(dropped, into=target)
    overtake_merged(target, by=by)
    ReadMark.objects.filter(conversation=target, user__in=read).update(message_id=target.last_message_id or 0)
    said = Merged(to=target.pk, messages=tuple(messages), status=status, opened=opened, dropped=drops)
    record(said, by=by, mailbox_id=source.mailbox_id, conversation_id=source.pk)
    record(ConversationJoined(origin=source.pk), by=by, mailbox_id=target.mailbox_id, conversation_id=target.pk)


def _read_both(source: Conversation, target: Conversation) -> list[User]:
    """Return who has read both to the end: for them there is nothing new."""
    marks = ReadMark.objects.filter(conversation=target, message_id__gte=target.last_message_id or 0)
    other = ReadMark.objects.filter(conversation=source, message_id__gte=source.last_message_id or 0)
    return list(User.objects.filter(pk__in=marks.values("user")).filter(pk__in=other.values("user")))


def _offers_end(messages: list[int], target: Conversation) -> None:
    """A mail that was offered this very conversation is in it now."""
    here = Message.objects.filter(conversation=target, offered_id=target.pk)
    here.filter(pk__in=messages).exclude(delivery=CANCELLED).update(offered_id=None, offered_by="")


def _rest(conversation: Conversation, status: str) -> None:
    fields: dict[str, object] = {"status": status, "merged_into": None}
    if status == CLOSED and conversation.closed_at is None:
        fields["closed_at"] = conversation.last_activity_at
    for name, value in fields.items():
        setattr(conversation, name, value)
    Conversation.objects.filter(pk=conversation.pk).update(**fields)
