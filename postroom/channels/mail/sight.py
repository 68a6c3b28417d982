"""Which mails of a ledger somebody may know of no more than that they came."""

from collections.abc import Iterable

from postroom.channels.mail.models import IncomingMail
from postroom.core.accounts.models import User
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Conversation, Message, SensitiveMailbox


def hidden_from(user: User, mails: Iterable[IncomingMail]) -> set[int]:
    """Return the ids of the mails whose sender, subject and bytes this person may not see: three queries.

    Those of a conversation that they do not see, second copies of those, and in a mailbox whose new conversations are
    all sensitive also what is no conversation's, unless they are named there.
    """
    mails = list(mails)
    placed = {mail.pk: place for mail in mails if (place := _place(mail))}
    ids = {"message": set[int](), "conversation": set[int]()}
    for kind, pk in placed.values():
        ids[kind].add(pk)
    seen = {("message", pk) for pk in _seen_messages(user, ids["message"])}
    visible = Conversation.objects.visible_to(user).filter(pk__in=ids["conversation"])
    seen |= {("conversation", pk) for pk in visible.values_list("pk", flat=True)} if ids["conversation"] else set()
    outside = {mail.mailbox_id for mail in mails if mail.pk not in placed}
    closed = _closed(user, outside)
    return {
        mail.pk for mail in mails if (placed[mail.pk] not in seen if mail.pk in placed else mail.mailbox_id in closed)
    }


def _place(mail: IncomingMail) -> tuple[str, int] | None:
    """Return where the mail is, or where that is which it is a copy of; None for one that is nowhere."""
    original = mail.duplicate_of
    for one in (mail, *([original] if original else [])):
        if one.message_id:
            return "message", one.message_id
        if one.conversation_id:
            return "conversation", one.conversation_id
    return None


def _seen_messages(user: User, ids: set[int]) -> set[int]:
    if not ids:
        return set()
    rows = Message.objects.filter(seen_by(user, through="conversation"), pk__in=ids)
    return set(rows.values_list("pk", flat=True))


def _closed(user: User, mailbox_ids: set[int]) -> set[int]:
    """Return the mailboxes of which only named people see the mail, and in which this person is not named."""
    if not mailbox_ids:
        return set()
    settings = SensitiveMailbox.objects.filter(pk__in=mailbox_ids).exclude(people=user)
    return set(settings.values_list("pk", flat=True))
