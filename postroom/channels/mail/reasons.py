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

# One of us answered a letter of Postroom's own …
ANSWER_SENT = "answer_sent"
ANSWER_NOTED = "answer_noted"
ANSWER_CLOSED = "answer_closed"
# … and it was not taken, which they were told …
ANSWER_STOPPED = "answer_stopped"
ANSWER_REFUSED = "answer_refused"
# … or nobody was told: it is not theirs, or not an answer of today.
ANSWER_AGAIN = "answer_again"
ANSWER_STRANGER = "answer_stranger"
ANSWER_UNPROVEN = "answer_unproven"
ANSWER_FORGED = "answer_forged"
ANSWER_EXPIRED = "answer_expired"
ANSWER_LEFT = "answer_left"
ANSWER_OF_OLD = "answer_of_old"
# Filed by nobody's hand, though a reason stands beside it.
TAKEN_ANSWERS = (ANSWER_SENT, ANSWER_NOTED)

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
    ANSWER_SENT: _("One of us answered our letter. It is a reply in the conversation."),
    ANSWER_NOTED: _("One of us answered Postroom's letter with a note for colleagues."),
    ANSWER_CLOSED: _("One of us closed the conversation by answering Postroom's letter."),
    ANSWER_STOPPED: _(
        "One of us answered our letter, and the conversation had changed. Nothing was sent; they were told."
    ),
    ANSWER_REFUSED: _(
        "One of us answered our letter, and it could not be taken. Nothing was sent; they were told why."
    ),
    ANSWER_AGAIN: _("A second copy of an answer to Postroom's letter. Nothing was done twice."),
    ANSWER_STRANGER: _("It answers Postroom's letter to one of us, and another address sent it. Nothing was done."),
    ANSWER_UNPROVEN: _(
        "It answers Postroom's letter to one of us, and our mail server found that its sender may be forged. Nothing "
        "was done."
    ),
    ANSWER_FORGED: _("It was sent to an address that looks like one of Postroom's own and is none. Nothing was done."),
    ANSWER_EXPIRED: _("It answers a letter of Postroom's that is too old to be known. Nothing was done."),
    ANSWER_LEFT: _("It answers Postroom's letter to somebody who is not with us any more. Nothing was done."),
    ANSWER_OF_OLD: _("An answer to Postroom's letter that came with old mail. Nothing was done again."),
    KILLED_READER: _("Reading this mail stopped the program five times, so it is not read any more."),
    READER_FAILED: _("This mail could not be read. The original is kept as it came."),
    BYTES_GONE: _("The stored original of this mail is missing or damaged on this machine's disk."),
}


def sentence(code: str) -> str:
    """Return the sentence of a reason, in the reader's language; the code itself for one that is not known here."""
    return str(SENTENCES.get(code, code))
