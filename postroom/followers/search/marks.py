"""Words that no text can hold: a sign for private use before a word says what the word is.

One index serves every question so: `subject:bell` asks for one marked word, and a mailbox is a word, too.
"""

from postroom.core.conversations.condition.words import CC, FILE, FROM, SUBJECT, TO

_SCOPE = "\ue000"
_OF_PART = {SUBJECT: "\ue001", FROM: "\ue002", TO: "\ue003", CC: "\ue004", FILE: "\ue005"}
_ID = "\ue006"
_NEWEST = "\ue007"
# Between two parts of a message, so that no phrase goes from one into the next.
GAP = "\ue00f"
SENSITIVE = f"{_SCOPE}s"
ALL_SCOPES = (_SCOPE, "\ue001")


def of_mailbox(mailbox_id: int) -> str:
    """Return the word that every ordinary message of a mailbox has; those of sensitive conversations have SENSITIVE."""
    return f"{_SCOPE}m{mailbox_id}"


def of_part(part: str, word: str) -> str:
    """Return the word as it stands in one part of a message (a constant of the condition language, not ANYWHERE)."""
    return _OF_PART[part] + word


def of_id(letters: str) -> str:
    """Return the word for a Message-ID, of which only letters and digits are left."""
    return _ID + letters


def of_stretch(message_id: int, *, bits: int) -> str:
    """Return the word that all messages of a stretch of 2^bits ids share: PostgreSQL reads newest first by them."""
    return f"{_NEWEST}{bits}x{message_id >> bits}"


def is_marked(word: str) -> bool:
    """Tell whether it is one of these."""
    return "\ue000" <= word[:1] <= GAP
