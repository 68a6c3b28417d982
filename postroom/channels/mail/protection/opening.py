"""Open a mail's wrappings: check its signatures, decrypt it where the mailbox holds a key."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.protection import keys, questions
from postroom.channels.mail.protection.inline import holds_block, with_words
from postroom.channels.mail.protection.questions import Mail, OpenMail
from postroom.channels.mail.protection.verdict import BEYOND_LIMITS, OPENPGP, ORDINARY, SMIME, Verdict
from postroom.core.accounts.models import Mailbox
from postroom.lib import clock
from postroom.lib.confined import Exceeded, answer_to

_TYPES = frozenset(
    {
        "multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime",
        "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
        "application/pgp-encrypted", "application/pgp-keys",
    }
)  # fmt: skip
_ROOM = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """The mail as it is to be read, and the verdict on its wrappings; ordinary mail is what it was."""

    parsed: Parsed
    verdict: Verdict = ORDINARY


def open_mail(raw: bytes, parsed: Parsed, *, mailbox: Mailbox) -> Opened:
    """Return the mail without its signatures and encryption, and what they came to.

    Costs ordinary mail a look at its types; for the others a process is started, which has twenty seconds. What cannot
    be opened stays as it is, and the verdict says why. OSError when this machine starts no process.
    """
    if parsed.header("autocrypt"):
        keys.learn_keys(parsed, mailbox)
    if not _may_be_protected(parsed):
        return Opened(parsed)
    keys.learn_keys(parsed, mailbox)
    question = _question(raw, parsed, mailbox)
    try:
        said = answer_to(questions.write_open(question), child=questions.CHILD, most=len(raw) + question.most + _ROOM)
        return _read(questions.read_mail(said), parsed, mailbox)
    except (Exceeded, ValueError, KeyError, TypeError):
        return Opened(parsed, Verdict(kind=_kind(parsed), encrypted=BEYOND_LIMITS))


def _may_be_protected(parsed: Parsed) -> bool:
    return (
        parsed.content_type in _TYPES
        or "-----BEGIN PGP " in parsed.text
        or any(file.content_type in _TYPES or file.name.lower().endswith(".p7m") for file in parsed.attachments)
    )


def _question(raw: bytes, parsed: Parsed, mailbox: Mailbox) -> OpenMail:
    addresses = frozenset({(parsed.from_.email or parsed.sender.email).lower()} - {""})
    return OpenMail(
        raw=raw,
        addresses=addresses,
        at=_written_at(parsed),
        keys=keys.keys_for(mailbox, addresses),
        most=settings.POSTROOM_MAX_MAIL_BYTES,
    )


def _read(answer: Mail, outer: Parsed, mailbox: Mailbox) -> Opened:
    parsed, verdict = outer, answer.verdict
    if answer.raw is not None:
        parsed = _same_mail(parse(answer.raw), outer)
        keys.learn_keys(parsed, mailbox)
    if answer.inline is not None and holds_block(parsed):
        parsed, verdict = with_words(parsed, answer.inline), verdict.over(answer.inline.verdict)
    return Opened(parsed, verdict)


def _kind(parsed: Parsed) -> str:
    types = {parsed.content_type, *(file.content_type for file in parsed.attachments)}
    smime = any("pkcs7" in one for one in types) or any(file.name.endswith(".p7m") for file in parsed.attachments)
    return SMIME if smime else OPENPGP


def _written_at(parsed: Parsed) -> datetime:
    """A certificate has to be good when the mail was written, not when it is read again years later."""
    now = clock.now()
    return min(parsed.date or now, now)


def _same_mail(opened: Parsed, outer: Parsed) -> Parsed:
    """Who wrote to whom, when and in which thread stays what the envelope said."""
    return replace(
        opened, message_id=outer.message_id, in_reply_to=outer.in_reply_to, references=outer.references,
        date=outer.date, from_=outer.from_, sender=outer.sender, reply_to=outer.reply_to, to=outer.to, cc=outer.cc,
    )  # fmt: skip
