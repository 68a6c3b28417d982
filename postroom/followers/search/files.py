"""The text of attached files: which can be read, which wait for it, and the round that has the next one read."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from django.db import transaction
from django.db.models import F

from postroom.core.conversations.models import INFECTED, FileVerdict
from postroom.core.storage import blobs
from postroom.followers.search.models import NOTHING, READ, WAITING, FileText
from postroom.followers.search.react import note
from postroom.lib import clock
from postroom.lib.blobs import BlobMissing
from postroom.lib.confined import Exceeded, answer_to
from postroom.lib.text import storable

Form = Literal["pdf", "zip", "html", "text"]
_CHILD = "postroom.followers.search.reading"
_MOST_BYTES = 30 * 1024 * 1024
# In letters, and in the bytes that the child may answer.
_MOST_LETTERS, _MOST_ANSWERED = 200_000, 1_000_000
# Longer than the child may live: a worker that died leaves the file to the next.
_LEASE = timedelta(minutes=2)
_TRIES = 3
_BY_ENDING: dict[str, Form] = {
    "pdf": "pdf",
    **dict.fromkeys(("docx", "docm", "dotx", "xlsx", "xlsm", "pptx", "odt", "ods", "odp", "ott"), "zip"),
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    **dict.fromkeys(
        ("txt", "csv", "tsv", "md", "log", "json", "xml", "ics", "vcf", "yaml", "yml", "ini", "rst"), "text"
    ),
}
_BY_TYPE: dict[str, Form] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "zip",
    "application/vnd.oasis.opendocument.text": "zip",
    "text/html": "html",
    "text/plain": "text",
    "text/csv": "text",
}


def form_of(name: str, *, content_type: str, size: int) -> Form | None:
    """Return how a file is to be read, None for one without text or of more than 30 MB."""
    if not 0 < size <= _MOST_BYTES:
        return None
    ending = name.rpartition(".")[2].lower()
    return _BY_ENDING.get(ending) or _BY_TYPE.get(content_type.partition(";")[0].strip().lower())


def want_read(wanted: Mapping[str, Form]) -> None:
    """Let these files be read when there is time, each of which is named by its digest."""
    now = clock.now()
    rows = [FileText(digest=digest, form=form, next_at=now) for digest, form in sorted(wanted.items())]
    FileText.objects.bulk_create(rows, ignore_conflicts=True)


def read_next() -> bool:
    """Have the file that waits longest read by a process of its own; tell whether there was one."""
    claimed = _claimed()
    if claimed is None:
        return False
    if FileVerdict.objects.filter(pk=claimed.digest, state=INFECTED).exists():
        _keep(claimed, problem="a virus was found in it")
        return True
    try:
        data = blobs().get(claimed.digest)
        # One line says how, the rest is the file.
        answer = answer_to(f"{claimed.form}\n".encode() + data, child=_CHILD, most=_MOST_ANSWERED)
    except (BlobMissing, Exceeded) as why:
        _keep(claimed, problem=str(why))
    else:
        _keep(claimed, text=storable(answer.decode("utf-8", "replace"))[:_MOST_LETTERS])
    return True


def _claimed() -> FileText | None:
    now = clock.now()
    waiting = FileText.objects.filter(state=WAITING, next_at__lte=now).order_by("next_at")
    if not waiting.exists():
        return None
    with transaction.atomic():
        row = waiting.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        if row.tries >= _TRIES:
            # Whoever read it died each time.
            FileText.objects.filter(pk=row.pk).update(state=NOTHING, problem="nobody could read it")
            return None
        FileText.objects.filter(pk=row.pk).update(next_at=now + _LEASE, tries=F("tries") + 1)
    return row


def _keep(file: FileText, *, text: str = "", problem: str = "") -> None:
    with transaction.atomic():
        state = READ if text.strip() else NOTHING
        FileText.objects.filter(pk=file.pk).update(state=state, text=text, problem=problem[:200])
        if state == READ:
            note(
                "id IN (SELECT message_id FROM postroom_conversations_attachment WHERE digest = %s "
                "AND message_id IS NOT NULL)",
                file.digest,
            )
