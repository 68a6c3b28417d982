"""What the child process does with a question."""

from pysequoia import Cert

from postroom.channels.mail.protection import questions
from postroom.channels.mail.protection.layers import opened
from postroom.channels.mail.protection.openpgp import addresses_in, name_in, read_certificates
from postroom.channels.mail.protection.questions import OpenMail, ReadKey, ReadKeys

_MAX_KEYS = 5


def answer(question: bytes) -> bytes:
    """Return the answer, as bytes; TooLarge or any other error is the end of the process and its answer."""
    asked = questions.read_question(question)
    if isinstance(asked, OpenMail):
        return questions.write_mail(opened(asked))
    return questions.write_read_keys(_read(asked))


def _read(asked: ReadKeys) -> list[ReadKey]:
    have = {one.fingerprint: one for armored in asked.have for one in read_certificates(armored.encode())}
    sent = [one for data in asked.sent for one in read_certificates(data)]
    return [_said(have[one.fingerprint].merge(one) if one.fingerprint in have else one) for one in sent[:_MAX_KEYS]]


def _said(certificate: Cert) -> ReadKey:
    return ReadKey(
        fingerprint=certificate.fingerprint,
        name=name_in(certificate),
        addresses=addresses_in(certificate),
        armored=str(certificate),
        expires=certificate.expiration.isoformat() if certificate.expiration else "",
    )
