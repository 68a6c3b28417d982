"""Who is named in sensitive conversations, and what nobody else is told of them."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.accounts.permissions import BREAK_GLASS, may
from postroom.core.conversations.models import MERGED, Conversation, NamedPerson, SensitiveMailbox
from postroom.lib import clock


def named_in(conversation: Conversation) -> QuerySet[User]:
    """Return the people who are named for good, by name; those among them who have left the mailbox, too."""
    rows = NamedPerson.objects.filter(conversation=conversation, until=None)
    return User.objects.filter(pk__in=rows.values("user_id")).order_by("name", "pk")


def readers_of(conversation: Conversation) -> QuerySet[User]:
    """Return the named people who are still here and on the mailbox, by name: those who can say who else is named."""
    return named_in(conversation).filter(is_active=True, membership__mailbox=conversation.mailbox_id)


def sees(user: User, conversation: Conversation) -> bool:
    """Tell whether this person sees the conversation now."""
    return Conversation.objects.visible_to(user).filter(pk=conversation.pk).exists()


def may_name(user: User, conversation: Conversation) -> bool:
    """Tell whether this person may say who is named: one of them, or whoever broke the glass when nobody is left."""
    readers = set(readers_of(conversation).values_list("pk", flat=True))
    return user.pk in readers or (not readers and may(user, BREAK_GLASS) and sees(user, conversation))


def on_mailbox(people: Iterable[User], mailbox_id: int) -> list[User]:
    """Keep the active people who are on the mailbox, by name."""
    wanted = [one.pk for one in people]
    here = Membership.objects.filter(mailbox=mailbox_id, user__in=wanted, user__is_active=True)
    return list(User.objects.filter(pk__in=here.values("user_id")).order_by("name", "pk"))


def naming_of(mailbox: Mailbox) -> SensitiveMailbox | None:
    """Return what was decided about the mailbox's new conversations; None when they are ordinary."""
    return SensitiveMailbox.objects.filter(mailbox=mailbox).first()


def sensitive_ones(*, before: int | None = None, limit: int = 50) -> list[Conversation]:
    """Return sensitive conversations of all mailboxes, the newest first, without what they are about.

    For people who may break the glass: numbers, mailboxes and dates are all that they may know.
    """
    rows = Conversation.objects.filter(sensitive_since__isnull=False).exclude(status=MERGED)
    rows = rows.filter(pk__lt=before) if before is not None else rows
    shown = ("pk", "mailbox__name", "mailbox__address", "created_at", "sensitive_since")
    return list(rows.select_related("mailbox").only(*shown).order_by("-pk")[:limit])


def seen_now(user: User, numbers: Collection[int]) -> set[int]:
    """Return which of these conversations, by number, the person sees."""
    return set(Conversation.objects.visible_to(user).filter(pk__in=numbers).values_list("pk", flat=True))


def glasses_of(user: User) -> dict[int, NamedPerson]:
    """Return the conversations, by number, that this person sees for a while because they broke the glass."""
    rows = NamedPerson.objects.filter(Q(until__gt=clock.now()), user=user)
    return {row.conversation_id: row for row in rows}
