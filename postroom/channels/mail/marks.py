"""The marks that our mail carries, so that it is known when it comes back."""

import hashlib
import hmac
import re
from collections.abc import Iterator

from django.conf import settings

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.channels.mail.triage.loop import LOOP_HEADER
from postroom.core.accounts.models import Mailbox
from postroom.lib.addresses import normalize

__all__ = [
    "LOOP_HEADER",
    "addressed",
    "addressed_letter",
    "addressed_side",
    "answer_address",
    "comes_back",
    "is_own_mail",
    "is_reply_address",
    "letter_id",
    "letter_of",
    "loop_mark",
    "reply_address",
]

# A conversation (c), a side thread (s) or a letter of ours that may be answered (a).
_SIGNED = re.compile(r"([acs])(\d{1,18})\.([0-9a-f]{16})")
_LETTER = re.compile(r"<?letter\.(\d{1,18})\.([0-9a-f]{32})@", re.IGNORECASE)
# Where servers write whom the mail was for, besides To and Cc.
_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To")


def loop_mark(mailbox: Mailbox, *, rfc_id: str) -> str:
    """Return the value of the loop header: which mailbox sent it, and a proof that this message is ours."""
    return f"{normalize(mailbox.address)} {_proof(mailbox, rfc_id)}"


def is_own_mail(parsed: Parsed, *, mailbox: Mailbox) -> bool:
    """Tell whether this mailbox sent this very message: whoever only copies the header or the Message-ID fails here."""
    mark = loop_mark(mailbox, rfc_id=f"<{parsed.message_id}>")
    return any(hmac.compare_digest(mark.encode(), value.strip().encode()) for value in parsed.header_all(LOOP_HEADER))


def comes_back(parsed: Parsed, *, mailbox: Mailbox) -> bool:
    """Tell whether the mark names this mailbox; another mailbox of the team may well write to it."""
    address = normalize(mailbox.address)
    return any(value.strip().partition(" ")[0] == address for value in parsed.header_all(LOOP_HEADER))


def _proof(mailbox: Mailbox, rfc_id: str) -> str:
    said = f"loop\n{normalize(mailbox.address)}\n{rfc_id}".encode()
    return hmac.new(settings.POSTROOM_KEY, said, hashlib.sha256).hexdigest()[:32]


def reply_address(mailbox: Mailbox, *, conversation_id: int, side: int | None = None) -> str:
    """Return the mailbox's address with the conversation (or the side thread) and its proof behind a plus (RFC 5233),
    64 letters at most before the @ (RFC 5321 4.5.3.1.1); the plain address when it does not fit.
    """
    return _signed_address(mailbox, f"c{conversation_id}" if side is None else f"s{side}")


def answer_address(mailbox: Mailbox, *, letter: int) -> str:
    """Return, in the same way, the address to which a letter of Postroom's own is answered."""
    return _signed_address(mailbox, f"a{letter}")


def _signed_address(mailbox: Mailbox, place: str) -> str:
    local, _at, domain = mailbox.address.rpartition("@")
    local = f"{local}+{place}.{_address_proof(mailbox, place)}"
    return f"{local}@{domain}" if len(local) <= 64 else mailbox.address


def is_reply_address(email: str, *, mailbox: Mailbox) -> bool:
    """Tell whether this is the mailbox's own address with a conversation behind a plus, rightly signed or not."""
    return _signed_part(email, mailbox) is not None


def addressed(parsed: Parsed, *, mailbox: Mailbox) -> int | None:
    """Return the conversation whose signed address the mail was sent to; None for no such address or a forged one."""
    return _addressed(parsed, mailbox, letter="c")


def addressed_side(parsed: Parsed, *, mailbox: Mailbox) -> int | None:
    """Return the side thread whose signed address the mail was sent to; None for no such address or a forged one."""
    return _addressed(parsed, mailbox, letter="s")


def addressed_letter(parsed: Parsed, *, mailbox: Mailbox, envelope_to: str = "") -> tuple[int, bool] | None:
    """Return the letter of ours whose answers go where this mail was sent, and whether that address is truly ours."""
    found = list(_addresses(parsed, mailbox, letter="a", also=envelope_to))
    return next((one for one in found if one[1]), found[0] if found else None)


def _addressed(parsed: Parsed, mailbox: Mailbox, *, letter: str) -> int | None:
    return next((number for number, proven in _addresses(parsed, mailbox, letter=letter) if proven), None)


def _addresses(parsed: Parsed, mailbox: Mailbox, *, letter: str, also: str = "") -> Iterator[tuple[int, bool]]:
    emails = [also, *(address.email for address in (*parsed.to, *parsed.cc))]
    for email in (*emails, *(value for name in _DELIVERED for value in parsed.header_all(name))):
        part = _signed_part(email, mailbox)
        if part is not None and part[1] == letter:
            number = int(part[2])
            yield number, hmac.compare_digest(_address_proof(mailbox, f"{letter}{number}"), part[3])


def _signed_part(email: str, mailbox: Mailbox) -> re.Match[str] | None:
    if "+" not in email:
        return None
    local, _at, domain = normalize(email).strip("<>").rpartition("@")
    plain, _plus, signed = local.partition("+")
    if f"{plain}@{domain}" not in spellings(mailbox.address):
        return None
    return _SIGNED.fullmatch(signed)


def _address_proof(mailbox: Mailbox, place: str) -> str:
    # A conversation's stands without its letter: the addresses in people's books are older than side threads.
    said = f"address\n{normalize(mailbox.address)}\n{place.removeprefix('c')}".encode()
    return hmac.new(settings.POSTROOM_KEY, said, hashlib.sha256).hexdigest()[:16]


def letter_id(letter: int, *, domain: str) -> str:
    """Return the Message-ID, in its brackets, of a letter of Postroom's own: the same at each try."""
    return f"<letter.{letter}.{_letter_proof(letter)}@{domain or 'postroom.invalid'}>"


def letter_of(rfc_id: str) -> int | None:
    """Return which letter of Postroom's own has this id, with or without brackets; None for any other or forged id."""
    found = _LETTER.match(rfc_id)
    if found and hmac.compare_digest(_letter_proof(int(found[1])), found[2].lower()):
        return int(found[1])
    return None


def _letter_proof(letter: int) -> str:
    return hmac.new(settings.POSTROOM_KEY, f"letter\n{letter}".encode(), hashlib.sha256).hexdigest()[:32]
