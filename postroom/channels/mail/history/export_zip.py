"""All of a mailbox as a zip: each conversation in words, each mail byte for byte, and what stands outside."""

import json
import zipfile
from collections.abc import Iterator
from io import RawIOBase
from typing import IO, Any, cast

from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail.filenames import safe_name
from postroom.channels.mail.history.described import (
    Actors,
    conversation_as_json,
    event_as_json,
    mailbox_as_json,
    message_as_json,
    outside_as_json,
)
from postroom.channels.mail.history.folders import is_mail as is_mail_file
from postroom.channels.mail.history.holding import (
    Unreadable,
    bytes_of,
    conversations_of,
    events_in,
    is_mail,
    messages_in,
    outside_of,
    raw_of,
)
from postroom.channels.mail.history.zips import is_mbox as is_mbox_file
from postroom.channels.mail.sight import Sight, left_out
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.conversations.models.message import OUT
from postroom.lib import clock


class _Pipe(RawIOBase):
    """What the zip is written into; the pieces are taken out while it grows."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> Iterator[bytes]:
        """Give what was written since."""
        pieces, self._pieces = self._pieces, []
        yield from pieces


class _Writer:
    """A zip that is written once from front to back (sizes follow their files), and what could not be put into it."""

    def __init__(self) -> None:
        self.pipe = _Pipe()
        # Level 1 as for the stored files: most of a mail is packed already.
        self.zip = zipfile.ZipFile(cast("IO[bytes]", self.pipe), "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.problems: list[str] = []

    def put(self, name: str, data: bytes) -> Iterator[bytes]:
        """Add a file."""
        with self.zip.open(self._entry(name), "w", force_zip64=True) as file:
            file.write(data)
        yield from self.pipe.taken()

    def put_parts(self, name: str, parts: Iterator[str]) -> Iterator[bytes]:
        """Add a file whose parts come one by one."""
        with self.zip.open(self._entry(name), "w", force_zip64=True) as file:
            for part in parts:
                file.write(part.encode(errors="replace"))
                yield from self.pipe.taken()
        yield from self.pipe.taken()

    def missing(self, what: str, why: Unreadable) -> None:
        """Say that something could not be put in."""
        self.problems.append(f"{what}: {why}\n")

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        return entry


def zip_of(mailbox: Mailbox, *, sight: Sight) -> Iterator[bytes]:
    """Give the zip in pieces; one mail and one page of rows are in memory, and the zip's own list of names.

    What cannot be read is a line of `problems.txt`. A conversation is as it was when its turn came.
    """
    writer, language = _Writer(), translation.get_language() or "en"
    yield from writer.put_parts("mailbox.json", _text(_mailbox(mailbox, sight)))
    for conversation in conversations_of(mailbox, sight=sight):
        yield from _conversation(writer, conversation)
    yield from _outside(writer, mailbox, sight=sight)
    if writer.problems:
        # The pieces are made by whichever thread has time, each with a language of its own.
        with translation.override(language):
            heading = _("These could not be read on this machine's disk. Everything else is here.")
        yield from writer.put_parts("problems.txt", iter([f"{heading}\n\n", *writer.problems]))
    writer.zip.close()
    yield from writer.pipe.taken()


def _conversation(writer: _Writer, conversation: Conversation) -> Iterator[bytes]:
    folder = f"conversations/{conversation.pk:06}"
    yield from writer.put_parts(f"{folder}/conversation.json", _described(conversation))
    for message in messages_in(conversation):
        if is_mail(message):
            try:
                yield from writer.put(f"{folder}/{_mail_name(message)}", raw_of(message))
            except Unreadable as gone:
                writer.missing(f"{folder}/{_mail_name(message)}", gone)
            continue
        if message.retracted_at:
            continue
        # A mail holds its files; a note's, and those of a reply that has not left, lie beside it.
        digests = {file.pk: file.digest for file in message.attachments.all()}
        for pk, name in _files(message).items():
            try:
                yield from writer.put(f"{folder}/{name}", bytes_of(digests[pk]))
            except Unreadable as gone:
                writer.missing(f"{folder}/{name}", gone)


def _described(conversation: Conversation) -> Iterator[str]:
    """Write the conversation, its messages and its events, piece by piece: there may be ten thousand of them."""
    yield _json(conversation_as_json(conversation)).removesuffix("\n}")
    yield ',\n "messages": ['
    between = "\n"
    for message in messages_in(conversation):
        file = _mail_name(message) if is_mail(message) else None
        beside = {} if file or message.retracted_at else _files(message)
        yield between + _json(message_as_json(message, file=file, attachments=beside))
        between = ",\n"
    yield '\n ],\n "events": ['
    between, actors = "\n", Actors()
    for event in events_in(conversation):
        yield between + _json(event_as_json(event, actors=actors))
        between = ",\n"
    yield "\n ]\n}\n"


def _mailbox(mailbox: Mailbox, sight: Sight) -> dict[str, Any]:
    return {**mailbox_as_json(mailbox, at=clock.now()), "sensitive_left_out": left_out(mailbox, sight=sight)}


def _outside(writer: _Writer, mailbox: Mailbox, *, sight: Sight) -> Iterator[bytes]:
    for mail in outside_of(mailbox, sight=sight):
        try:
            yield from writer.put(f"outside/mail-{mail.pk}.eml", bytes_of(mail.digest))
        except Unreadable as gone:
            writer.missing(f"outside/mail-{mail.pk}.eml", gone)
    yield from writer.put_parts("outside/outside.json", _outside_described(mailbox, sight))


def _outside_described(mailbox: Mailbox, sight: Sight) -> Iterator[str]:
    yield "["
    between = "\n"
    for mail in outside_of(mailbox, sight=sight):
        yield between + _json(outside_as_json(mail, file=f"mail-{mail.pk}.eml"))
        between = ",\n"
    yield "\n]\n"


def _mail_name(message: Message) -> str:
    """Ours lie in a folder called like one for sent mail, so that whoever takes them in again knows them."""
    return f"{'sent/' if message.kind == OUT else ''}message-{message.pk}.eml"


def _files(message: Message) -> dict[int, str]:
    return {file.pk: f"files/{file.pk}-{_file_name(file)}" for file in message.attachments.all()}


def _file_name(file: Attachment) -> str:
    name = safe_name(file.name, content_type=file.content_type, number=file.pk)
    # A note's file is no mail of the mailbox, whatever it is called: it should not come in as one.
    return f"{name}_" if is_mail_file(name) or is_mbox_file(name) else name


def _text(data: dict[str, Any]) -> Iterator[str]:
    yield _json(data) + "\n"


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)
