"""Mails that openssl and gpg have made (tests/mails/protected/make.sh), and a mailbox with their keys."""

from pathlib import Path
from typing import NamedTuple

import pytest

from postroom.channels.mail.actions.keys import add_key
from postroom.channels.mail.parse import parse
from postroom.channels.mail.protection.opening import open_mail
from postroom.core.accounts.models import Mailbox, User

MAILS = Path(__file__).resolve().parents[3] / "mails" / "protected"


def made(name: str) -> bytes:
    """Return one of those mails, with the line ends of the network."""
    return (MAILS / f"{name}.eml").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def key_file(name: str) -> bytes:
    """Return one of those keys."""
    return (MAILS / name).read_bytes()


class Got(NamedTuple):
    """What the mailbox has made of a mail."""

    text: str
    subject: str
    sender: str
    files: list[str]
    protection: dict[str, str | bool]


class Desk:
    """A mailbox that is given keys, and then mail."""

    def __init__(self, mailbox: Mailbox, owner: User) -> None:
        self.mailbox, self.owner = mailbox, owner

    def given(self, *names: str, passphrase: str = "velo") -> "Desk":
        for name in names:
            add_key(self.mailbox, data=key_file(name), passphrase=passphrase, by=self.owner)
        return self

    def got(self, name: str) -> Got:
        return self.read(made(name))

    def read(self, raw: bytes) -> Got:
        opened = open_mail(raw, parse(raw), mailbox=self.mailbox)
        parsed = opened.parsed
        files = [file.name for file in parsed.attachments]
        return Got(parsed.text, parsed.subject, parsed.from_.email, files, opened.verdict.as_json())


@pytest.fixture
def desk(mailbox: Mailbox, alice: User) -> Desk:
    """Support's mailbox, without keys yet."""
    return Desk(mailbox, alice)
