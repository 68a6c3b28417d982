"""Whoever changes settings or people writes it to the audit log, and what is written has a sentence."""

import re
from pathlib import Path

from postroom.faces.web.audit_words import SENTENCES
from tests.house.tree import ROOT

_VERBS = ("postroom/core/accounts/actions", "postroom/channels/mail/actions")
# Of these files none writes by itself, and why.
_SILENT = {
    "core/accounts/actions/join.py": "calls grant() in access.py, which does",
    "core/accounts/actions/owners.py": "only asks",
    "core/accounts/actions/arrivals.py": "remembers devices; the sign-in itself is written by signing_in",
    "core/accounts/actions/directory_entries.py": "keeps what was sent; what it changes is written by directory.py",
    "core/accounts/actions/tell_of_second_factor.py": "posts letters about what second_factors.py has written",
    "channels/mail/actions/pop_names.py": "the worker's own notes on a POP3 account",
    "channels/mail/actions/wishes.py": "what follows from conversations' events, wished by a follower",
}
_WRITES = re.compile(r"\b(?:write|_write|note_mailbox|note_mail|_note|note_export)\(")
_ACTION = re.compile(
    r"""\b(?:write|_write|note_mailbox|note_mail|_note|note_reading)\(\s*"([a-z_]+\.[a-z_]+)\"""", re.DOTALL
)


def test_every_verb_on_settings_and_people_writes_to_the_audit_log() -> None:
    files = [path for folder in _VERBS for path in sorted((ROOT / folder).glob("*.py")) if path.stem != "__init__"]
    silent = {_short(path) for path in files if not _WRITES.search(path.read_text(encoding="utf-8"))}
    assert silent == set(_SILENT), "Write an entry there, or say here why there is none."


def test_every_action_that_is_written_has_a_sentence() -> None:
    used = {
        action
        for path in (ROOT / "postroom").rglob("*.py")
        for action in _ACTION.findall(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 40
    assert sorted(used - set(SENTENCES)) == [], "Say these in faces/web/audit_words.py."


def _short(path: Path) -> str:
    return path.relative_to(ROOT / "postroom").as_posix()
