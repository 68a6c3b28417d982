"""Postroom's own letters as mail: by which mailbox they leave, and how they look."""

from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from django.db.models import QuerySet

from postroom.channels.mail.marks import LOOP_HEADER, answer_address, letter_id, letter_of, loop_mark
from postroom.channels.mail.models import SMTP, TRAY, USUAL, Route
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.original import original_ids
from postroom.channels.mail.wire import address_header, id_header, text_header
from postroom.core.accounts.models import Installation, Letter, Mailbox
from postroom.core.conversations.models import AnswerableLetter
from postroom.lib.addresses import domain, normalize

_FROM = "Postroom"
_POLICY = SMTP_POLICY.clone(cte_type="7bit")


def sending_mailbox() -> Mailbox | None:
    """Return whose account sends letters: the chosen one, else the first one that can; None when none can."""
    able = mailboxes_that_send()
    chosen = Installation.objects.filter(pk=1).values_list("letters_from", flat=True).first()
    return (able.filter(pk=chosen).first() if chosen else None) or able.first()


def mailboxes_that_send() -> QuerySet[Mailbox]:
    """Return the mailboxes that have a way out, the oldest first."""
    ways = Route.objects.filter(rank=USUAL, kind__in=(SMTP, TRAY))
    return Mailbox.objects.filter(pk__in=ways.values("mailbox_id")).order_by("pk")


def can_send_letters() -> bool:
    """Tell whether a letter that is posted now can leave at all."""
    return sending_mailbox() is not None


def build_letter(letter: Letter, *, mailbox: Mailbox) -> bytes:
    """Return the mail (RFC 5322, CRLF, seven-bit), the same bytes at each try; SealBroken when its text is lost."""
    body = EmailMessage(policy=_POLICY)
    body.set_content(letter.text or "\n")
    rfc_id = letter_id(letter.pk, domain=domain(mailbox.address))
    headers = (
        address_header("From", [(_FROM, mailbox.address)]),
        *_answers_go_to(letter),
        address_header("To", [(letter.name, letter.to)]),
        text_header("Subject", letter.subject),
        text_header("Date", format_datetime(letter.created_at)),
        id_header("Message-ID", [rfc_id]),
        # RFC 3834 5: what answers mail by itself leaves this alone. Outlook asks for a header of its own.
        "Auto-Submitted: auto-generated\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        *_mark(letter, mailbox, rfc_id),
    )
    return "".join(headers).encode() + body.as_bytes()


def _answers_go_to(letter: Letter) -> tuple[str, ...]:
    """The mailbox of the conversation that the letter is about: what is answered there is a reply to the customer.

    Where its server knows no plus-addresses the answer is known by the id that it quotes. Some relays put a Message-ID
    of their own in place of ours; what References name comes back.
    """
    row = AnswerableLetter.objects.filter(letter_id=letter.pk).select_related("conversation__mailbox").first()
    if row is None or row.conversation is None:
        return ()
    mailbox = row.conversation.mailbox
    address = answer_address(mailbox, letter=letter.pk) if mailbox.plus_address else mailbox.address
    root = letter_id(letter.pk, domain=f"answers.{domain(mailbox.address)}")
    return (address_header("Reply-To", [(_FROM, address)]), id_header("References", [root]))


def is_letter(parsed: Parsed) -> bool:
    """Tell whether this mail is a letter of ours, such as its copy in the Sent folder."""
    return letter_of(parsed.message_id or "") is not None


def letter_spoken_of(parsed: Parsed) -> int | None:
    """Return the letter of ours that a machine's mail reports on or answers."""
    return next((found for one in original_ids(parsed) if (found := letter_of(one)) is not None), None)


def _mark(letter: Letter, mailbox: Mailbox, rfc_id: str) -> tuple[str, ...]:
    """The loop mark, but not on a letter to somebody who signs in with this very address: it would never be read."""
    if normalize(letter.to) == normalize(mailbox.address):
        return ()
    return (text_header(LOOP_HEADER, loop_mark(mailbox, rfc_id=rfc_id)),)
