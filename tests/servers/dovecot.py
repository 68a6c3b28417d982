"""A Dovecot of our own: in a temporary folder, on free ports, every user name welcome with one password."""

import grp
import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import certificates, processes

PASSWORD = "correct-horse-battery"


@dataclass
class Dovecot:
    """A running server. `port` speaks STARTTLS, `tls_port` TLS at once, so for POP3; `authority` is to be trusted.

    A folder called Geschickt is the one for what is sent.
    """

    folder: Path
    user: str | None
    port: int
    tls_port: int
    pop_port: int
    pop_tls_port: int
    authority: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, *, userinfo: str = "") -> "Dovecot":
        """Write a configuration and start the server with it; takes less than a second.

        With `userinfo` (a provider's address) it takes that provider's tokens by XOAUTH2 too.
        """
        # All of it runs as one plain user, so that it needs no root and no chroot.
        user = processes.unprivileged("nobody")
        folder = processes.folder("dovecot", user=None)
        made = certificates.make(folder / "certificates")
        account = pwd.getpwnam(user) if user else pwd.getpwuid(os.geteuid())
        port, tls_port, pop_port, pop_tls_port = (processes.free_port() for _ in range(4))
        (folder / "dovecot.conf").write_text(
            _template().format(
                folder=folder,
                user=account.pw_name,
                group=grp.getgrgid(account.pw_gid).gr_name,
                password=PASSWORD,
                certificate=made.certificate,
                key=made.key,
                port=port,
                tls_port=tls_port,
                pop_port=pop_port,
                pop_tls_port=pop_tls_port,
            )
        )
        if userinfo:
            _take_tokens(folder, userinfo)
        (folder / "mail").mkdir()
        (folder / "log").touch()
        if user:
            for path in [folder, *folder.rglob("*")]:
                processes.give(path, user=user)
        server = cls(folder, user, port, tls_port, pop_port, pop_tls_port, made.authority, _launch(folder, user=user))
        server._wait()
        return server

    def kill(self) -> None:
        """Cut every connection at once, as when the machine loses power; `restart` brings it back on its ports."""
        processes.kill_group(self.process)

    def restart(self) -> None:
        """Start it again on the same ports with the same mail."""
        processes.stop(self.process)
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        self.process = _launch(self.folder, user=self.user)
        self._wait()

    def stop(self) -> None:
        """End it and take its folder away."""
        processes.stop(self.process)
        processes.kill_group(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def append(self, user: str, mail: bytes, *, mailbox: str = "INBOX") -> None:
        """Put a mail into a folder of this user, making both when they are new."""
        with self.session(user) as session:
            session.create(mailbox)
            _agreed(session.append(mailbox, "", "", mail))

    def recreate(self, user: str, *, mailbox: str) -> None:
        """Delete a folder and make it again: it gets a new UIDVALIDITY and its UIDs start over."""
        with self.session(user) as session:
            session.delete(mailbox)
            _agreed(session.create(mailbox))

    @contextmanager
    def session(self, user: str) -> Iterator[imaplib.IMAP4]:
        """Sign in as this user with the standard library's client."""
        context = ssl.create_default_context(cafile=str(self.authority))
        with imaplib.IMAP4_SSL("127.0.0.1", self.tls_port, ssl_context=context, timeout=30) as session:
            session.login(user, PASSWORD)
            yield session

    def _wait(self) -> None:
        processes.wait_until(lambda: processes.answers(self.tls_port), process=self.process, log=self.folder / "log")


def _take_tokens(folder: Path, userinfo: str) -> None:
    """Let the provider say whose token it is; in the words of Dovecot 2.3."""
    asked = folder / "oauth2.conf"
    asked.write_text(
        f"introspection_mode = auth\nintrospection_url = {userinfo}\nusername_attribute = email\nusername_format = %u\n"
    )
    with (folder / "dovecot.conf").open("a") as configuration:
        configuration.write(
            "auth_mechanisms = plain login xoauth2 oauthbearer\n"
            f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {asked}\n}}\n"
        )


def _launch(folder: Path, *, user: str | None) -> subprocess.Popen[bytes]:
    return processes.start([_program(), "-F", "-c", folder / "dovecot.conf"], user=user, output=folder / "log")


def _program() -> str:
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not program:
        raise RuntimeError("Dovecot is missing: apt install dovecot-imapd dovecot-pop3d, or run bin/test --quick.")
    return program


def _template() -> str:
    """Return the configuration for the version that is installed."""
    said = subprocess.run([_program(), "--version"], capture_output=True, text=True, check=True).stdout
    newer = tuple(int(part) for part in said.split()[0].split(".")[:2]) >= (2, 4)
    return Path(__file__).with_name(f"dovecot-{'2.4' if newer else '2.3'}.conf").read_text(encoding="utf-8")


def _agreed(answer: tuple[str, list[bytes] | list[None]]) -> None:
    if answer[0] != "OK":
        raise RuntimeError(f"Dovecot refused: {answer[1]}")
