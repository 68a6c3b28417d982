"""The LMTP door (RFC 2033): a mail server hands mail in, and gets one answer for each recipient."""

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, AnyStr, TypeVar

from aiosmtpd.lmtp import LMTP
from django.conf import settings
from django.db import DatabaseError

from postroom.channels.mail.intake import CannotStore
from postroom.channels.mail.recipients import find_mailbox
from postroom.channels.mail.transports.intake_processes import RUSH, IntakeProcesses
from postroom.channels.mail.transports.threads import DatabaseThreads, with_connection
from postroom.core.accounts.models import Mailbox
from postroom.lib.text import one_line

_log = logging.getLogger("postroom.mail.lmtp")
_Result = TypeVar("_Result")

_TAKEN = "250 2.0.0 The mail is stored."
_UNKNOWN = "550 5.1.1 There is no mailbox {address} here."
_DISK_FULL = "452 4.3.1 The disk is full; nothing was lost, try again later."
_NOT_NOW = "451 4.3.0 The mail cannot be stored at the moment; nothing was lost, try again later."
_BROKEN = "451 4.3.0 Something went wrong here; nothing was lost, try again later."


class _Session(LMTP):
    """One connection. Real mail has lines far beyond RFC 5322's 998 characters, so only the whole is limited."""

    line_length_limit = 2**25
    # How many answers the end of the mail needs.
    awaited = 0

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802  (the library's name)
        self.awaited = len(self.envelope.rcpt_tos) if self.envelope and not arg else 0
        await super().smtp_DATA(arg or "")

    async def push(self, status: AnyStr) -> None:
        """Send an answer; the library refuses a mail as a whole, but each recipient has to be answered."""
        answer: str | bytes = status
        line = answer.encode() if isinstance(answer, str) else answer
        if self.awaited and not line.startswith(b"354"):
            if b"\r\n" not in line:
                line = b"\r\n".join([line] * self.awaited)
            self.awaited = 0
        await super().push(line)


@dataclass
class _Handler:
    """Answers the library's questions; whatever touches the disk or the database is done in a thread."""

    processes: IntakeProcesses
    threads: DatabaseThreads = field(default_factory=lambda: DatabaseThreads(RUSH, name="lmtp"))

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """RFC 2033 4.2 wants both extensions; commands that come in one packet are read one after the other anyway."""
        del server, envelope
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        try:
            known = await self._in_thread(lambda: find_mailbox(address) is not None)
        except DatabaseError:
            return _NOT_NOW
        if not known:
            return _UNKNOWN.format(address=one_line(address, length=320))
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Go on."

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del server, session
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        raw, recipients = bytes(envelope.content), tuple(envelope.rcpt_tos)
        answers = await self._in_thread(lambda: self._take(raw, sender=sender, recipients=recipients))
        return "\r\n".join(answers)

    async def handle_exception(self, error: Exception) -> str:
        _log.error("A session at the LMTP door failed.", exc_info=error)
        return _BROKEN

    def _take(self, raw: bytes, *, sender: str, recipients: tuple[str, ...]) -> list[str]:
        """Store the mail once for each mailbox and return the answer for each recipient, in their order."""
        answers: dict[int, str] = {}
        return [self._answer(raw, sender=sender, recipient=recipient, answers=answers) for recipient in recipients]

    def _answer(self, raw: bytes, *, sender: str, recipient: str, answers: dict[int, str]) -> str:
        try:
            mailbox = find_mailbox(recipient)
        except DatabaseError as error:
            _log.error("A mail was put off: %s", error)
            return _NOT_NOW
        if mailbox is None:
            return _UNKNOWN.format(address=one_line(recipient, length=320))
        if mailbox.pk not in answers:
            answers[mailbox.pk] = self._store(raw, mailbox=mailbox, sender=sender, recipient=recipient)
        return answers[mailbox.pk]

    def _store(self, raw: bytes, *, mailbox: Mailbox, sender: str, recipient: str) -> str:
        about = {"mailbox": mailbox, "transport": "lmtp", "envelope_from": sender, "envelope_to": recipient}
        try:
            self.processes.accept(raw, at_once=True, **about)
        except CannotStore as refusal:
            _log.error("%s", refusal)
            return _DISK_FULL if refusal.disk_full else _NOT_NOW
        return _TAKEN

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self.threads.executor, with_connection, work)


class LmtpDoor:
    """The door as a whole, in a thread of its own; `processes` is how many more it may start for a rush of mail."""

    def __init__(self, *, host: str, port: int, processes: int = 0) -> None:
        self.host = host
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._handler = _Handler(IntakeProcesses(processes))
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="lmtp-door", daemon=True)

    def open(self) -> int:
        """Listen, and return the port (chosen by the system when it was 0); OSError when it is taken."""
        self._thread.start()
        try:
            self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        except BaseException:
            self.close()
            raise
        return self.port

    def close(self) -> None:
        """Stop listening and drop the connections; a mail without its 250 is the sender's to send again."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._drop(), self._loop).result(5)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(2)
        self._handler.threads.close()
        self._handler.processes.close()
        self._loop.close()

    async def _drop(self) -> None:
        if self._server:
            self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _listen(self) -> int:
        self._server = await self._loop.create_server(self._session, self.host, self.port)
        return int(self._server.sockets[0].getsockname()[1])

    def _session(self) -> _Session:
        return _Session(
            self._handler,
            data_size_limit=settings.POSTROOM_MAX_MAIL_BYTES,
            enable_SMTPUTF8=True,
            hostname="postroom.localhost",
            ident="Postroom LMTP",
            loop=self._loop,
        )
