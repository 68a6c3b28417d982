"""The marks that our mail carries, so that it is known when it comes back."""

import hashlib
import hmac

from django.conf import settings

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.loop import LOOP_HEADER
from postroom.core.accounts.models import Mailbox
from postroom.lib.addresses import normalize

__all__ = ["LOOP_HEADER", "comes_back", "is_own_mail", "loop_mark"]


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
