"""A thin face on the real mail code, for scoring it against public corpora."""

import sys
from collections.abc import Hashable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from postroom.channels.mail import parse as reading
from postroom.channels.mail.forwarded import forwarded as read_forwarded
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.quotes import split_reply
from postroom.channels.mail.subjects import base_subject
from postroom.channels.mail.triage import classify
from postroom.lib.html import sanitize, sanitize_view

__all__ = ["base_subject", "forwarded", "parse", "sanitize", "sanitize_view", "thread"]


def parse(raw: bytes) -> dict[str, object]:
    parsed = reading.parse(raw)
    triage = classify(parsed)
    bounce = triage.bounce
    return {
        "subject": parsed.subject,
        "from_addr": parsed.from_.email,
        "from_name": parsed.from_.name,
        "to": [one.email for one in parsed.to],
        "cc": [one.email for one in parsed.cc],
        "text": parsed.text,
        "html": parsed.html,
        "reply_text": _reply_text(parsed),
        "attachments": [(one.name, one.size, one.content_type) for one in parsed.attachments],
        "is_auto": triage.kind in ("auto", "bounce"),
        "is_bounce": bounce is not None,
        "bounce_recipient": list(bounce.recipients) if bounce else None,
        "bounce_status": bounce.status if bounce else None,
        "message_id": parsed.message_id,
        "references": list(parsed.references),
    }


def _reply_text(parsed: Parsed) -> str:
    return split_reply(parsed.text, subject=parsed.subject).shown


def forwarded(raw: bytes) -> dict[str, object] | None:
    found = read_forwarded(raw)
    if found is None:
        return None
    return {
        "from_addr": found.from_.email,
        "from_name": found.from_.name,
        "subject": found.subject,
        "to": [one.email for one in found.to],
        "body": found.body,
    }


def thread(raws: list[bytes]) -> list[Hashable]:
    raise NotImplementedError("Threading needs the intake and a database.")
