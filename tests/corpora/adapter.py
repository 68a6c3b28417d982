"""A thin face on the real mail code, for scoring it against public corpora."""

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Hashable
from functools import cache
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
        "attachments": [(one.declared_name or one.name, one.size, one.content_type) for one in parsed.attachments],
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
    _set_up()
    from postroom.channels.mail.intake import accept
    from postroom.channels.mail.receive import file_next
    from postroom.core.accounts.models import Mailbox

    mailbox = Mailbox.objects.create(name="Corpus", address=f"{secrets.token_hex(8)}@corpus.invalid")
    keys: list[Hashable] = []
    for raw in raws:
        mail = accept(raw, mailbox=mailbox, transport="corpus")
        while file_next():
            pass
        mail.refresh_from_db()
        keys.append(mail.conversation_id)
    return keys


@cache
def _set_up() -> None:
    """Give the intake a database of its own, unless a test has set one up."""
    from django.apps import apps

    if apps.ready:
        return
    folder = tempfile.mkdtemp(prefix="postroom-corpora-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["POSTROOM_DATA"] = folder
    os.environ.pop("POSTROOM_DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postroom.wiring.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
