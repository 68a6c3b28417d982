"""The keys that a mailbox holds and knows, ready to be used."""

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from postroom.channels.mail.models import MailKey
from postroom.channels.mail.models.key import AUTHORITY, KNOWN, OPENPGP, OWN, SMIME
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.protection import questions
from postroom.channels.mail.protection.packets import packets
from postroom.channels.mail.protection.questions import Keys, KnownKey, OwnKey, OwnPem, ReadKey, ReadKeys
from postroom.core.accounts.models import Mailbox
from postroom.lib import clock
from postroom.lib.confined import Exceeded, answer_to
from postroom.lib.sealing import SealBroken, unseal

_AUTOCRYPT_KEY = re.compile(r"(?i)keydata\s*=\s*([A-Za-z0-9+/=\s]+)")
_MAX_KEY = 100_000
_MAX_ANSWER = 4 * 1024 * 1024
# Whoever sends a new key each day is not believed more for it.
_MAX_LEARNED = 5
_KEY_FILES = frozenset({"application/pgp-keys"})


def keys_for(mailbox: Mailbox, addresses: frozenset[str]) -> Keys:
    """Return all that opens this mailbox's mail, and what checks a signature of these addresses."""
    return Keys(
        known=tuple(_known(mailbox, addresses)),
        own_openpgp=tuple(_own_openpgp(mailbox)),
        own_smime=tuple(_own_smime(mailbox)),
        trusted=tuple(mailbox.keys.filter(kind=SMIME, role=AUTHORITY).values_list("public", flat=True)),
    )


def _own_smime(mailbox: Mailbox) -> Iterator[OwnPem]:
    for row in mailbox.keys.filter(kind=SMIME, role=OWN).order_by("-pk"):
        try:
            yield OwnPem(certificate=row.public, key=unseal(row.sealed_private, key=settings.POSTROOM_KEY))
        except SealBroken:
            continue  # sealed with another installation's key


def _own_openpgp(mailbox: Mailbox) -> Iterator[OwnKey]:
    for row in mailbox.keys.filter(kind=OPENPGP, role=OWN).order_by("-pk"):
        try:
            private = json.loads(unseal(row.sealed_private, key=settings.POSTROOM_KEY))
        except SealBroken:
            continue
        yield OwnKey(armored=private["key"], passphrase=private["passphrase"])


def _known(mailbox: Mailbox, addresses: frozenset[str]) -> Iterator[KnownKey]:
    rows = list(mailbox.keys.filter(kind=OPENPGP, role=KNOWN, address__in=addresses).order_by("known_since", "pk"))
    rows += list(mailbox.keys.filter(kind=OPENPGP, role=OWN))
    first: dict[str, int] = {}
    for row in rows:
        changed = row.role == KNOWN and first.setdefault(row.address, row.pk) != row.pk
        yield KnownKey(public=row.public, since=row.known_since.date().isoformat(), changed=changed)


def learn_keys(parsed: Parsed, mailbox: Mailbox) -> None:
    """Keep the sender's OpenPGP keys that came with the mail (Autocrypt's header, RFC 3156 section 7's files).

    Only such that name the sender's address; the first one is believed until another is seen, and then the verdict
    says that it is another.
    """
    address = parsed.from_.email.lower()
    sent = _sent_keys(parsed) if address else ()
    if not sent:
        return
    rows = mailbox.keys.filter(kind=OPENPGP, role=KNOWN, address=address)
    have = dict(rows.values_list("fingerprint", "public"))
    as_before = {_parts(_bytes_of(public)) for public in have.values()}
    new = tuple(data for data in sent if _parts(data) not in as_before)
    if not new:
        return  # each mail of somebody with Autocrypt carries the same key: no process is started for that
    for key in _read_keys(new, have=tuple(have.values())):
        if address not in key.addresses:
            continue
        if key.fingerprint in have:
            _renew(key, mailbox)
        elif len(have) < _MAX_LEARNED and _create(key, address, mailbox):
            have[key.fingerprint] = key.armored


def _sent_keys(parsed: Parsed) -> tuple[bytes, ...]:
    found: list[bytes] = []
    for value in parsed.header_all("autocrypt")[:2]:
        stated = _AUTOCRYPT_KEY.search(value[:_MAX_KEY])
        if stated:
            with contextlib.suppress(binascii.Error, ValueError):
                found.append(base64.b64decode("".join(stated[1].split())))
    files = [file for file in parsed.attachments if file.content_type in _KEY_FILES and file.size <= _MAX_KEY]
    return (*found, *(file.data for file in files[:_MAX_LEARNED]))


def _bytes_of(armored: str) -> bytes:
    """Return the bytes of a certificate as we have stored it."""
    coded = armored.partition("\n\n")[2].partition("\n=")[0]
    with contextlib.suppress(binascii.Error, ValueError):
        return base64.b64decode("".join(coded.split()))
    return b""


def _parts(data: bytes) -> tuple[tuple[int, bytes], ...]:
    """Return what a certificate consists of: the same one is framed in another way by each program."""
    with contextlib.suppress(ValueError):
        return tuple(packets(data))
    return ((0, data),)


def _read_keys(sent: tuple[bytes, ...], *, have: tuple[str, ...]) -> list[ReadKey]:
    """Return what these certificates say; none when reading them takes more than is allowed."""
    question = questions.write_keys(ReadKeys(sent=sent, have=have))
    try:
        return questions.read_read_keys(answer_to(question, child=questions.CHILD, most=_MAX_ANSWER))
    except (Exceeded, ValueError, KeyError, TypeError):
        return []


def _create(key: ReadKey, address: str, mailbox: Mailbox) -> bool:
    try:
        with transaction.atomic():
            MailKey.objects.create(
                mailbox=mailbox,
                kind=OPENPGP,
                role=KNOWN,
                address=address,
                name=key.name,
                fingerprint=key.fingerprint,
                public=key.armored,
                not_after=_moment(key.expires),
                known_since=clock.now(),
            )
    except IntegrityError:
        return False  # another worker has learned it this moment, or it is known under another address
    return True


def _renew(key: ReadKey, mailbox: Mailbox) -> None:
    """The same key may come with a later expiry, or revoked."""
    rows = mailbox.keys.filter(role=KNOWN, fingerprint=key.fingerprint).exclude(public=key.armored)
    rows.update(public=key.armored, not_after=_moment(key.expires))


def _moment(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
