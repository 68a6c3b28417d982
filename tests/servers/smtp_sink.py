"""An SMTP server that keeps what it is given, and fails in whatever way a test asks for."""

import asyncio
import base64
import email
import email.policy
import ssl
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import httpx
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificates import Certificates

USER = "support@example.org"
PASSWORD = "correct-horse-battery"
_PATIENCE = 30.0


@dataclass(frozen=True)
class Received:
    """One accepted mail: the envelope, who had signed in, whether over TLS, and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    user: str
    encrypted: bool
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        parsed = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class _Fault:
    """What to do at a stage instead of the usual; `times` counts down, None is for ever."""

    reply: str
    times: int | None = None


@dataclass
class SmtpSink:
    """A running server. `port` wants STARTTLS and AUTH, `tls_port` TLS at once and AUTH, `open_port` neither."""

    authority: Path
    port: int = 0
    tls_port: int = 0
    open_port: int = 0
    # Where a token of XOAUTH2 is shown to learn whose it is; empty: none is taken.
    userinfo: str = ""
    received: list[Received] = field(default_factory=list)
    _faults: dict[str, _Fault] = field(default_factory=dict)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _thread: threading.Thread | None = None

    @classmethod
    def start(cls, made: Certificates) -> "SmtpSink":
        """Start it on three free ports."""
        sink = cls(made.authority)
        sink._thread = threading.Thread(target=sink._loop.run_forever, name="smtp-sink", daemon=True)
        sink._thread.start()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(made.certificate, made.key)
        sink.port = sink._listen(starttls=context, auth_required=True)
        sink.tls_port = sink._listen(wrapped=context, auth_required=True)
        sink.open_port = sink._listen()
        return sink

    def refuse(self, stage: str, reply: str, *, times: int | None = None) -> None:
        """Answer "451 4.3.0 …" or the like at AUTH, MAIL, RCPT or DATA."""
        self._faults[stage] = _Fault(reply, times)

    def hang(self, stage: str, *, times: int | None = None) -> None:
        """Say nothing at all at MAIL, RCPT or DATA, and keep the connection."""
        self._faults[stage] = _Fault("hang", times)

    def drop(self, stage: str, *, times: int | None = None) -> None:
        """Close the connection without an answer; at DATA the mail is kept first, and the sender cannot know."""
        self._faults[stage] = _Fault("drop", times)

    def mend(self) -> None:
        """Behave again."""
        self._faults.clear()

    def clear(self) -> None:
        """Forget what was received, and behave."""
        self.mend()
        self.received.clear()
        self.userinfo = ""

    def wait_for(self, count: int) -> list[Received]:
        """Return what was received as soon as it is `count` mails; a TimeoutError after half a minute."""
        with self._news:
            if not self._news.wait_for(lambda: len(self.received) >= count, timeout=_PATIENCE):
                raise TimeoutError(f"{len(self.received)} of {count} mails came.")
            return list(self.received)

    def stop(self) -> None:
        """Close the ports and every connection."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        assert self._thread
        self._thread.join(timeout=10)
        self._loop.close()

    def _listen(
        self,
        *,
        wrapped: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        auth_required: bool = False,
    ) -> int:
        def connect() -> SMTP:
            return SMTP(
                self,
                hostname="sink.test",
                loop=self._loop,
                authenticator=self._authenticate,
                tls_context=starttls,
                require_starttls=starttls is not None,
                auth_required=auth_required,
                auth_require_tls=wrapped is None,  # it cannot see the TLS it is wrapped in
            )

        async def listen() -> asyncio.Server:
            return await self._loop.create_server(connect, "127.0.0.1", 0, ssl=wrapped)

        server = asyncio.run_coroutine_threadsafe(listen(), self._loop).result(timeout=10)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()
        await asyncio.sleep(0.05)

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: object
    ) -> AuthResult:
        assert isinstance(auth_data, LoginPassword)
        fault = self._due("AUTH")
        if fault:
            return AuthResult(success=False, handled=False, message=fault.reply)
        good = (auth_data.login, auth_data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False, auth_data=auth_data.login.decode(errors="replace"))

    def _due(self, stage: str) -> _Fault | None:
        fault = self._faults.get(stage)
        if fault is None or fault.times == 0:
            return None
        if fault.times is not None:
            fault.times -= 1
        return fault

    async def _fail(self, stage: str, server: SMTP) -> str | None:
        fault = self._due(stage)
        if fault is None:
            return None
        if fault.reply == "hang":
            await asyncio.sleep(3600)
        if fault.reply == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 4.4.2 Dropped"
        return fault.reply

    # What aiosmtpd calls, by name.

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """Let somebody in whose token the provider knows."""
        told = base64.b64decode(args[1] if len(args) > 1 else "").decode().split("\x01")
        user, token = told[0].removeprefix("user="), told[1].removeprefix("auth=Bearer ")
        answer = await asyncio.to_thread(httpx.get, self.userinfo, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code == 200 and answer.json().get("email") == user:
            return AuthResult(success=True, auth_data=user)
        # The reason, in base64; the client has to answer it with an empty line.
        await server.challenge_auth("eyJzdGF0dXMiOiI0MDAifQ==", encode_to_b64=False)
        return AuthResult(success=False, handled=False, message="535 5.7.8 Unknown token")

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender."""
        if reply := await self._fail("MAIL", server):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        if reply := await self._fail("RCPT", server):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail."""
        fault = self._faults.get("DATA")
        if fault is None or fault.times == 0 or fault.reply == "drop":
            self._keep(server, session, envelope)
        if reply := await self._fail("DATA", server):
            return reply
        return "250 2.0.0 Kept"

    def _keep(self, server: SMTP, session: Session, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = Received(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            user=str(session.auth_data) if session.authenticated else "",
            encrypted=server.transport is not None and server.transport.get_extra_info("ssl_object") is not None,
            content=content,
        )
        with self._news:
            self.received.append(mail)
            self._news.notify_all()
