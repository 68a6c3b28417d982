"""One of us answers a letter of Postroom's: their mail becomes a reply, under the rules of the page."""

import hashlib
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail import reasons
from postroom.channels.mail.addresses import addresses
from postroom.channels.mail.answer_letters import NotTaken, may_write_back, write_back
from postroom.channels.mail.answer_taking import Done, Stopped, carry_out
from postroom.channels.mail.letters import letter_spoken_of
from postroom.channels.mail.marks import addressed_letter, letter_of
from postroom.channels.mail.models import DUPLICATE, FILED, PARKED, IncomingMail
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.reading import Reading
from postroom.channels.mail.sender_proof import spoken_against
from postroom.channels.mail.spellings import spellings
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.check_files import check_now, want_checked
from postroom.core.conversations.models import AnswerableLetter
from postroom.core.storage import blobs
from postroom.lib import clock
from postroom.lib.clamd import scan

# So many mails are made something of for one letter.
_MOST = 20


@dataclass(frozen=True)
class Mark:
    """A letter that a mail answers. Not `proven`: the address is none of ours.

    Not `direct`: the mail only names the letter among older ids, as anybody's may who got a copy of the talk.
    """

    letter: int
    proven: bool = True
    direct: bool = True


@dataclass(frozen=True)
class Taken:
    """What became of the mail, for its row in the ledger."""

    state: str
    reason: str
    conversation_id: int | None = None
    message_id: int | None = None


def answer_mark(parsed: Parsed, *, mail: IncomingMail) -> Mark | None:
    """Return which letter of ours the mail answers, None for every ordinary mail: no statement, and little work."""
    if addressed := addressed_letter(parsed, mailbox=mail.mailbox, envelope_to=mail.envelope_to):
        return Mark(*addressed)
    for one in (*parsed.in_reply_to, *parsed.references[-1:]):
        if (letter := letter_of(one)) is not None:
            return Mark(letter)
    indirect = (letter for one in parsed.references if (letter := letter_of(one)) is not None)
    return next((Mark(letter, direct=False) for letter in indirect), None)


def look_at_files(mail: IncomingMail, *, reading: Reading) -> None:
    """Let the virus scanner look at the files of such a mail before anything is made of it, outside any transaction.

    A scanner that is away holds nobody up, as on the page.
    """
    if not settings.POSTROOM_CLAMD or mail.outgoing or not reading.parsed.attachments:
        return
    if answer_mark(reading.parsed, mail=mail) is not None:
        digests = [blobs().put(file.data) for file in reading.parsed.attachments]
        want_checked(digests)
        for digest, file in zip(digests, reading.parsed.attachments, strict=True):
            check_now(digest, file.data, scan=partial(scan, at=settings.POSTROOM_CLAMD))


def take_answer(mail: IncomingMail, *, reading: Reading) -> Taken | None:
    """Do what one of us asks for by answering a letter; None for a mail that answers none, or only a copy of one.

    Inside the transaction that settles the mail, so that it is done once or not at all. Whatever carries a mark is
    never filed as a customer's mail.
    """
    if mail.outgoing or (mark := answer_mark(reading.parsed, mail=mail)) is None:
        return None
    letter = _letter(mark)
    if letter is None:
        return _unknown(mark, reading.parsed, mail=mail)
    if reading.triage.kind != "person":
        # What reports on the letter itself is told to the owners (fate.py).
        told = letter_spoken_of(reading.parsed) is not None and reading.triage.sure
        return None if told else _parked(reasons.LETTER_ANSWERED, letter)
    if not _is_from(letter.user, reading.parsed):
        return _parked(reasons.ANSWER_STRANGER, letter) if mark.direct else None
    if spoken_against(reading.parsed.headers):
        return _parked(reasons.ANSWER_UNPROVEN, letter)
    if mail.quiet or mail.transport == "history":
        return _parked(reasons.ANSWER_OF_OLD, letter)
    if not letter.user.is_active:
        return _parked(reasons.ANSWER_LEFT, letter)
    return _theirs(mail, reading, letter)


def _letter(mark: Mark) -> AnswerableLetter | None:
    if not mark.proven:
        return None
    rows = AnswerableLetter.objects.filter(letter_id=mark.letter).select_related("user")
    # Two copies of one mail may come at once.
    rows = rows.select_for_update(of=("self",)) if connection.features.has_select_for_update else rows
    return rows.first()


def _unknown(mark: Mark, parsed: Parsed, *, mail: IncomingMail) -> Taken | None:
    if not mark.proven:
        return Taken(PARKED, reasons.ANSWER_FORGED)
    addressed = addressed_letter(parsed, mailbox=mail.mailbox, envelope_to=mail.envelope_to) is not None
    # By its id alone it may answer an invitation, which is somebody's question.
    return Taken(PARKED, reasons.ANSWER_EXPIRED) if addressed else None


def _parked(reason: str, letter: AnswerableLetter) -> Taken:
    return Taken(PARKED, reason, letter.conversation_id)


def _is_from(user: User, parsed: Parsed) -> bool:
    """Tell whether the mail names this person, and nobody else, as its sender."""
    written = parsed.header_all("From")
    named = {parsed.from_.email, *(one.email for text in written for one in addresses(text) if "@" in one.email)}
    return len(written) == 1 and all(not set(spellings(one)).isdisjoint(spellings(user.email)) for one in named)


def _theirs(mail: IncomingMail, reading: Reading, letter: AnswerableLetter) -> Taken:
    token = _token(mail, reading.parsed, letter)
    if token in letter.answers:
        return Taken(DUPLICATE, reasons.ANSWER_AGAIN, letter.conversation_id)
    answered = [*letter.answers, token]
    AnswerableLetter.objects.filter(pk=letter.pk).update(answers=answered[-2 * _MOST :])
    with translation.override(letter.user.language):
        try:
            return _outcome(_done(letter, reading.parsed, token=token, times=len(answered)))
        except Stopped as stopped:
            if may_write_back(letter.user, reading.parsed, mailbox=mail.mailbox):
                write_back(letter.user, stopped.told)
            reason = reasons.ANSWER_STOPPED if stopped.told.changed else reasons.ANSWER_REFUSED
    return _parked(reason, letter)


def _done(letter: AnswerableLetter, parsed: Parsed, *, token: str, times: int) -> Done:
    if times > _MOST:
        raise Stopped(NotTaken(_("You have answered this one letter too often. Your mail is in the mailbox’s ledger.")))
    late = letter.until < clock.now()
    why = _("The letter that you answered is more than 30 days old, so it was not taken.") if late else ""
    return carry_out(letter, parsed=parsed, token=token, objection=why)


def _outcome(done: Done) -> Taken:
    message = done.message
    if message is None:
        return Taken(PARKED, reasons.ANSWER_CLOSED, done.conversation_id)
    reason = reasons.ANSWER_NOTED if done.note else reasons.ANSWER_SENT
    return Taken(FILED, reason, message.conversation_id, message.pk)


def _token(mail: IncomingMail, parsed: Parsed, letter: AnswerableLetter) -> str:
    """Return what makes two copies of this mail the same: relays change the bytes, and not the Message-ID."""
    named = f"{letter.letter_id} {parsed.message_id or mail.digest}"
    return hashlib.sha256(named.encode(errors="surrogatepass")).hexdigest()[:40]
