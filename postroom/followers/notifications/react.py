"""Decide from one event who should know of it, and write that down."""

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.rights import managers_of
from postroom.core.conversations.models import Contact, Conversation, Message, NamedPerson
from postroom.core.conversations.models.following import Following, Mention
from postroom.core.events.follow import Follower
from postroom.core.events.models import Event
from postroom.followers.notifications.models import (
    ALARM,
    ANSWERED,
    COMMENTED,
    FOLLOWED,
    GIVEN,
    GLASS,
    MENTIONED,
    NAMED,
    NOT_SENT,
    SIGNED_IN,
    STARTED,
    TAKEN_OVER,
    WOKEN,
    Choices,
)
from postroom.followers.notifications.tell import tell

# What whoever follows a conversation wants to hear of.
_OF_INTEREST = frozenset(
    {
        "conversation.assigned",
        "conversation.closed",
        "conversation.reopened",
        "message.received",
        "note.added",
        "reply.queued",
        "side.answered",
        "side.forwarded",
        "side.written",
    }
)

_OF_A_DRAFT = {"draft.commented": COMMENTED, "draft.taken_over": TAKEN_OVER}
_NOT_SENT = frozenset({"reply.refused", "reply.sent_partly", "reply.uncertain", "reply.overtaken", "reply.held_back"})


def react(event: Event) -> None:
    """Write the notifications that follow from the event; the person who caused it is not told, but of a sign-in."""
    if event.kind == "mail.alarm_raised":
        _tell_keepers(event)
    if event.kind == "person.signed_in_anew":
        _tell_themselves(event)
    # Of a bulk change its first event is told, as if it were alone; the others carry the change's id.
    if event.conversation_id is None or event.data.get("quiet") or event.bulk_id is not None:
        return
    _tell_concerned(event)
    # Told once of each event, for the nearest reason: whose it is comes before who merely follows it.
    if event.kind in _OF_INTEREST:
        following = Following.objects.filter(conversation=event.conversation_id)
        _tell(event, set(following.values_list("user_id", flat=True)), reason=FOLLOWED, who=_name_of_actor(event))


def _tell_concerned(event: Event) -> None:
    if event.kind == "conversation.assigned":
        _tell(event, _people_given(event), reason=GIVEN, who=_name_of_actor(event))
    elif event.kind == "note.added":
        named = Mention.objects.filter(message=event.message_id or 0)
        _tell(event, set(named.values_list("user_id", flat=True)), reason=MENTIONED, who=_name_of_actor(event))
    elif event.kind == "note.changed":
        _tell(event, set(event.data.get("named") or ()), reason=MENTIONED, who=_name_of_actor(event))
    elif event.kind == "message.received":
        _tell_of_mail(event)
    elif event.kind == "side.answered":
        _tell(event, _owners(event) | _writers_beside(event), reason=ANSWERED, who=_name_of_actor(event))
    elif event.kind in ("conversation.sensitive", "conversation.named"):
        added = set(event.data.get("added") or event.data.get("user_ids") or ())
        _tell(event, added, reason=NAMED, who=_name_of_actor(event))
    elif event.kind == "conversation.glass_broken":
        _tell(event, _named(event), reason=GLASS, who=_name_of_actor(event))
    elif event.kind == "conversation.woke":
        _tell(event, _owners(event), reason=WOKEN, who="")
    elif event.kind in _OF_A_DRAFT:
        _tell(event, {event.data.get("holder_id") or 0}, reason=_OF_A_DRAFT[event.kind], who=_name_of_actor(event))
    elif event.kind in _NOT_SENT:
        _tell(event, _writers(event), reason=NOT_SENT, who="")


FOLLOWER = Follower(name="notifications", react=react)


def _tell(event: Event, user_ids: set[int], *, reason: str, who: str) -> None:
    user_ids -= {event.actor_id} if event.actor_kind == "user" and event.actor_id else set()
    conversation = Conversation.objects.filter(pk=event.conversation_id or 0).first()
    if conversation is None:
        return
    for user in User.objects.filter(pk__in=user_ids, is_active=True):
        # Somebody who lost sight of the mailbox since is not told what happens in it.
        if Conversation.objects.visible_to(user).filter(pk=conversation.pk).exists():
            tell(user, event, reason=reason, who=who, conversation=conversation)


def _tell_of_mail(event: Event) -> None:
    """The owner hears that the customer answered; of a conversation that nobody has, whoever wants to."""
    owners = _owners(event)
    if not event.data.get("started"):
        _tell(event, owners, reason=ANSWERED, who=_name_of_actor(event))
    elif not owners:
        wanting = Choices.objects.filter(user__membership__mailbox=event.mailbox_id or 0, ways__has_key=STARTED)
        _tell(event, set(wanting.values_list("user_id", flat=True)), reason=STARTED, who=_name_of_actor(event))


def _tell_keepers(event: Event) -> None:
    """Whoever keeps the mailbox is told once of each alarm; everybody on it sees its banner."""
    mailbox = Mailbox.objects.filter(pk=event.mailbox_id or 0).first()
    for user in managers_of(mailbox.pk) if mailbox else ():
        tell(user, event, reason=ALARM, who=str(event.data.get("alarm", "")), mailbox=mailbox)


def _tell_themselves(event: Event) -> None:
    user = User.objects.filter(pk=event.data.get("user_id") or 0, is_active=True).first()
    if user:
        who = f"{event.data.get('ip', '')} {event.data.get('device', '')}"
        tell(user, event, reason=SIGNED_IN, who=who)


def _people_given(event: Event) -> set[int]:
    if user_id := event.data.get("user_id"):
        return {user_id}
    team_id = event.data.get("team_id")
    return set(User.objects.filter(teams=team_id).values_list("pk", flat=True)) if team_id else set()


def _named(event: Event) -> set[int]:
    rows = NamedPerson.objects.filter(conversation=event.conversation_id or 0, until=None)
    return set(rows.values_list("user_id", flat=True))


def _owners(event: Event) -> set[int]:
    assignee = Conversation.objects.filter(pk=event.conversation_id or 0).values_list("assignee_id", flat=True).first()
    return {assignee} if assignee else set()


def _writers_beside(event: Event) -> set[int]:
    """Whoever wrote to the third party waits for what they say, whose ever the conversation is."""
    side = Message.objects.filter(pk=event.message_id or 0).values_list("side_thread", flat=True).first()
    wrote = Message.objects.filter(side_thread=side or 0, author__isnull=False)
    return {author for author in wrote.order_by().values_list("author", flat=True).distinct() if author}


def _writers(event: Event) -> set[int]:
    author = Message.objects.filter(pk=event.message_id or 0).values_list("author_id", flat=True).first()
    return {author} if author else set()


def _name_of_actor(event: Event) -> str:
    if event.actor_kind == "user":
        return User.objects.filter(pk=event.actor_id or 0).values_list("name", flat=True).first() or ""
    if event.actor_kind == "contact":
        return str(Contact.objects.filter(pk=event.actor_id or 0).first() or "")
    return ""
