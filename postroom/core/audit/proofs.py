"""What proves an entry: digests of what is personal in it, a MAC over the rest, and the link to the entry before.

All are HMAC-SHA256 with a key beside the database: whoever has only the database can neither write an entry nor mend
the chain after changing one. The personal values enter by three salted digests and not by themselves, so that they can
be blanked one day, with their salt, and everything else is still proven.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from datetime import UTC
from hashlib import sha256

from django.conf import settings

from postroom.core.audit.models import AuditEntry

# What can be blanked together: who, from where, and what else is told. The order is part of the stored form.
PERSONAL = (("actor_name",), ("ip", "device"), ("subject_name", "before", "after", "reason"))
# Before the first link.
BEGINNING = "0" * 64


def prove(entry: AuditEntry) -> None:
    """Give a new entry its digests and its MAC; its values must be as the database will return them."""
    salts = [secrets.token_urlsafe(12) for _fields in PERSONAL]
    parts = [_digest(entry, fields, salt) for fields, salt in zip(PERSONAL, salts, strict=True)]
    entry.digests = " ".join(f"{salt}.{part}" for salt, part in zip(salts, parts, strict=True))
    entry.mac = mac_of(entry)


def is_proven(entry: AuditEntry) -> bool:
    """Tell whether the entry is as it was written by somebody who had the key; blanked values are passed over."""
    pairs = _pairs(entry)
    if len(pairs) != len(PERSONAL) or not hmac.compare_digest(entry.mac, mac_of(entry)):
        return False
    return all(
        hmac.compare_digest(digest, _digest(entry, fields, salt)) if salt else not any(_values(entry, fields))
        for fields, (salt, digest) in zip(PERSONAL, pairs, strict=True)
    )


def is_blanked(entry: AuditEntry) -> bool:
    """Tell whether personal values were taken out of the entry."""
    return any(not salt for salt, _digest in _pairs(entry))


def mac_of(entry: AuditEntry) -> str:
    """Return the MAC (64 hex digits) over what is not personal and the digests of what is."""
    plain = (entry.action, entry.actor_kind, entry.actor_id, entry.subject, entry.mailbox_id, entry.conversation_id)
    digests = [digest for _salt, digest in _pairs(entry)]
    return _hmac(["entry", entry.at.astimezone(UTC).isoformat(), *plain, *digests]).hex()


def link(before: str, *, seal: int, entry_id: int, mac: str) -> str:
    """Return the hash (64 hex digits) of a sealed entry, given the hash of the one before it."""
    return _hmac(["link", before, seal, entry_id, mac]).hex()


def _pairs(entry: AuditEntry) -> list[tuple[str, str]]:
    return [(salt, digest) for salt, _dot, digest in (one.partition(".") for one in entry.digests.split(" "))]


def _digest(entry: AuditEntry, fields: tuple[str, ...], salt: str) -> str:
    # 128 bits of a keyed hash are more than anybody can search for, and every entry carries three.
    return urlsafe_b64encode(_hmac([fields[0], salt, *_values(entry, fields)])[:16]).decode().rstrip("=")


def _values(entry: AuditEntry, fields: tuple[str, ...]) -> list[object]:
    return [getattr(entry, field) for field in fields]


def _hmac(parts: list[object]) -> bytes:
    # JSON ends every value where it ends: no two lists of values have the same text.
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.POSTROOM_AUDIT_KEY, text.encode(), sha256).digest()
