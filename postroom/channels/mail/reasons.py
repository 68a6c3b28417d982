"""Why a mail stands outside the conversations: codes as stored, and the sentences that people read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Parked: a machine's mail that is nobody's question.
OWN_COPY = "own_copy"
LOOP_MARK = "loop_mark"
LOOP_RATE = "loop_rate"
REPORT_UNKNOWN = "report_unknown"
RECEIPT_UNKNOWN = "receipt_unknown"
AWAY_UNKNOWN = "away_unknown"
CHALLENGE_UNKNOWN = "challenge_unknown"
AUTOREPLY_UNKNOWN = "autoreply_unknown"
OWN_LETTER = "own_letter"
LETTER_ANSWERED = "letter_answered"

# Quarantined: it could not be understood.
KILLED_READER = "killed_reader"
READER_FAILED = "reader_failed"
BYTES_GONE = "bytes_gone"

SENTENCES: dict[str, Promise] = {
    OWN_COPY: _("It is a mail that this mailbox sent and that came back as it was. The reply is in its conversation."),
    LOOP_MARK: _("A program sent our own mark back to us. Kept aside, so that two programs do not answer each other."),
    LOOP_RATE: _("Programs wrote to this conversation faster than people do. Their later mail is kept aside."),
    REPORT_UNKNOWN: _("A delivery report that names no mail of this mailbox."),
    RECEIPT_UNKNOWN: _("A read receipt that names no mail of this mailbox."),
    AWAY_UNKNOWN: _("An out-of-office note that answers no mail of this mailbox."),
    CHALLENGE_UNKNOWN: _("A request to confirm the sender, for a mail that is not known in this mailbox."),
    AUTOREPLY_UNKNOWN: _("An automatic answer that belongs to no conversation."),
    OWN_LETTER: _("A letter of Postroom's own, such as an invitation, that this mailbox's account sent."),
    LETTER_ANSWERED: _("A program's answer to a letter of Postroom's own, such as an invitation."),
    KILLED_READER: _("Reading this mail stopped the program three times, so it is not read any more."),
    READER_FAILED: _("This mail could not be read. The original is kept as it came."),
    BYTES_GONE: _("The stored original of this mail is missing or damaged on this machine's disk."),
}


def sentence(code: str) -> str:
    """Return the sentence of a reason, in the reader's language; the code itself for one that is not known here."""
    return str(SENTENCES.get(code, code))
