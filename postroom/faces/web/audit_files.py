"""The audit log as a file, streamed: CSV for spreadsheets, or one JSON object a line."""

import csv
import json
from collections.abc import Iterator
from io import StringIO

from postroom.core.accounts.models import User
from postroom.core.audit.search import Wanted, in_order
from postroom.faces.web.audit_lines import Line, lines

CSV = "csv"
JSON = "jsonl"
TYPES = {CSV: "text/csv; charset=utf-8", JSON: "application/x-ndjson"}

# A spreadsheet takes such a cell for a formula and may run what it says.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def export(wanted: Wanted, *, form: str, reader: User) -> Iterator[bytes]:
    """Yield the file, oldest entry first."""
    write = _csv_rows if form == CSV else _json_rows
    if form == CSV:
        # Excel reads UTF-8 only behind its mark.
        yield "\ufeff".encode() + _csv_line(_COLUMNS)
    for some in in_order(wanted):
        yield write(lines(some, reader=reader))


_COLUMNS = (
    "id", "at", "action", "sentence", "actor_kind", "actor_id", "actor_name", "ip", "device", "subject",
    "subject_name", "mailbox_id", "mailbox", "conversation_id", "before", "after", "reason", "seal", "hash",
)  # fmt: skip


def _values(line: Line) -> dict[str, object]:
    entry = line.entry
    found = {name: getattr(entry, name) for name in _COLUMNS if hasattr(entry, name)}
    # As on the page: a conversation's subject only for who sees it.
    named = {"subject_name": line.name, "mailbox": line.mailbox, "sentence": line.sentence.striptags()}
    return {**dict.fromkeys(_COLUMNS), **found, **named, "at": entry.at.isoformat()}


def _json_rows(some: list[Line]) -> bytes:
    return b"".join(json.dumps(_values(line), ensure_ascii=False).encode() + b"\n" for line in some)


def _csv_rows(some: list[Line]) -> bytes:
    return b"".join(_csv_line(tuple(_values(line).values())) for line in some)


def _csv_line(values: tuple[object, ...]) -> bytes:
    file = StringIO()
    csv.writer(file).writerow([_cell(value) for value in values])
    return file.getvalue().encode()


def _cell(value: object) -> str:
    if isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False) if value else ""
    else:
        text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
