"""Which mails of a ledger somebody may know of no more than that they came."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from postroom.channels.mail.models import IncomingMail
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import MERGED, Conversation, Message, SensitiveMailbox


@dataclass(frozen=True)
class Sight:
    """Which sensitive conversations are taken along when a mailbox is taken out.

    Those in which the `reader` is named; with `everything` (somebody at the server's command line) all of them.
    """

    reader: User | None = None
    everything: bool = False

    def of(self, *, through: str = "") -> Q:
        """Return the condition on conversations, or on what leads `through` to them."""
        if self.everything:
            return Q()
        ordinary = Q(**{f"{through}__sensitive_since" if through else "sensitive_since": None})
        return ordinary | seen_by(self.reader, through=through) if self.reader else ordinary

    def hides(self, mail: IncomingMail) -> bool:
        """Tell whether a mail that is no conversation's stays out: a copy of a sensitive one, or a closed mailbox's."""
        if self.everything:
            return False
        kind, pk = _place(mail) or ("", 0)
        if kind == "message":
            return Message.objects.filter(pk=pk).exclude(self.of(through="conversation")).exists()
        if kind == "conversation":
            return Conversation.objects.filter(pk=pk).exclude(self.of()).exists()
        setting = SensitiveMailbox.objects.filter(pk=mail.mailbox_id)
        return (setting.exclude(people=self.reader) if self.reader else setting).exists()


def left_out(mailbox: Mailbox, *, sight: Sight) -> int:
    """Return how many conversations of the mailbox are not taken along."""
    hidden = Conversation.objects.filter(mailbox=mailbox, sensitive_since__isnull=False).exclude(status=MERGED)
    return hidden.exclude(sight.of()).count() if not sight.everything else 0


def is_closed(mailbox_id: int, *, to: User) -> bool:
    """Tell whether only named people see a mailbox's new conversations, and this person is not one of them."""
    return bool(_closed(to, {mailbox_id}))


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
