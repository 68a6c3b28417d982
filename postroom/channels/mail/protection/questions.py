"""What the worker asks the child process that opens protected mail, and what it answers, as bytes.

Each is a JSON object, its length before it, and then the mail. The private keys go this way only: what stands on a
command line or in an environment can be read by others.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from postroom.channels.mail.protection.verdict import Verdict

# Who is asked.
CHILD = "postroom.channels.mail.protection.child"
_LENGTH = 4


@dataclass(frozen=True, slots=True)
class KnownKey:
    """An OpenPGP certificate, armored, since when (ISO date) the mailbox knows it, whether it replaced another."""

    public: str
    since: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A mailbox's own OpenPGP key, armored, with the passphrase it asks for."""

    armored: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class OwnPem:
    """A mailbox's own S/MIME certificate and its key, both PEM."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class Keys:
    """All that a mailbox can open and check with; `trusted` are PEM certificates."""

    known: tuple[KnownKey, ...] = ()
    own_openpgp: tuple[OwnKey, ...] = ()
    own_smime: tuple[OwnPem, ...] = ()
    trusted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenMail:
    """Open this mail, sent by these addresses (From) at this time; nothing inside may have more than `most` bytes."""

    raw: bytes
    addresses: frozenset[str]
    at: datetime
    keys: Keys
    most: int


@dataclass(frozen=True, slots=True)
class ReadKeys:
    """Read these OpenPGP certificates; those that are in `have` (armored) are merged with what is known of them."""

    sent: tuple[bytes, ...]
    have: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inline:
    """An OpenPGP block inside a text: how it reads there, the words to put in its place ("" for none)."""

    verdict: Verdict
    block: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail without its wrappings, None when it is as it was."""

    verdict: Verdict
    raw: bytes | None = None
    inline: Inline | None = None


@dataclass(frozen=True, slots=True)
class ReadKey:
    """What a certificate says; `expires` is an ISO moment or ""."""

    fingerprint: str
    name: str
    addresses: tuple[str, ...]
    armored: str
    expires: str


def write_open(question: OpenMail) -> bytes:
    """Return the question as bytes."""
    said = {
        "job": "open",
        "addresses": sorted(question.addresses),
        "at": question.at.isoformat(),
        "keys": asdict(question.keys),
        "most": question.most,
    }
    return _framed(said) + question.raw


def write_keys(question: ReadKeys) -> bytes:
    """Return the question as bytes."""
    sizes = [len(one) for one in question.sent]
    return _framed({"job": "keys", "sizes": sizes, "have": question.have}) + b"".join(question.sent)


def read_question(data: bytes) -> OpenMail | ReadKeys:
    """Return what was asked."""
    said, rest = _unframed(data)
    if said["job"] == "open":
        keys = Keys(
            known=tuple(KnownKey(**one) for one in said["keys"]["known"]),
            own_openpgp=tuple(OwnKey(**one) for one in said["keys"]["own_openpgp"]),
            own_smime=tuple(OwnPem(**one) for one in said["keys"]["own_smime"]),
            trusted=tuple(said["keys"]["trusted"]),
        )
        at = datetime.fromisoformat(said["at"])
        return OpenMail(raw=rest, addresses=frozenset(said["addresses"]), at=at, keys=keys, most=said["most"])
    sent: list[bytes] = []
    for size in said["sizes"]:
        sent.append(rest[:size])
        rest = rest[size:]
    return ReadKeys(sent=tuple(sent), have=tuple(said["have"]))


def write_mail(answer: Mail) -> bytes:
    """Return the answer to OpenMail as bytes."""
    said = {
        "verdict": asdict(answer.verdict),
        "changed": answer.raw is not None,
        "inline": asdict(answer.inline) if answer.inline else None,
    }
    return _framed(said) + (answer.raw or b"")


def read_mail(data: bytes) -> Mail:
    """Return the answer to OpenMail; ValueError, KeyError or TypeError when it is none."""
    said, rest = _unframed(data)
    block = said["inline"]
    inline = Inline(Verdict(**block["verdict"]), block["block"], block["words"]) if block else None
    return Mail(verdict=Verdict(**said["verdict"]), raw=rest if said["changed"] else None, inline=inline)


def write_read_keys(answer: list[ReadKey]) -> bytes:
    """Return the answer to ReadKeys as bytes."""
    return _framed({"keys": [asdict(one) for one in answer]})


def read_read_keys(data: bytes) -> list[ReadKey]:
    """Return the answer to ReadKeys; ValueError, KeyError or TypeError when it is none."""
    said, _rest = _unframed(data)
    return [ReadKey(**(one | {"addresses": tuple(one["addresses"])})) for one in said["keys"]]


def _framed(said: object) -> bytes:
    words = json.dumps(said).encode()
    return len(words).to_bytes(_LENGTH, "big") + words


def _unframed(data: bytes) -> tuple[dict[str, Any], bytes]:
    until = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
    if until > len(data) or until == _LENGTH:
        raise ValueError("cut off")
    said = json.loads(data[_LENGTH:until])
    if not isinstance(said, dict):
        raise TypeError("not an object")
    return said, data[until:]
