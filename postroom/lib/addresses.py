"""Mail addresses as people and as the database compare them."""

import re

# Deliberately loose: one @, no spaces or control characters, both sides filled. Servers decide the rest.
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\x00-\x1f\x7f]+@[^\s@<>\"(),:;\\\x00-\x1f\x7f]+")

# What stands before the @ when nobody reads the mail, in the languages it comes in; marks between words are one dash.
_NOBODY = re.compile(
    r"(?:no-?repl(?:y|ies)|do-?not-?reply|dont-?reply|no-?response|mailer-?daemon|bounces?|ne-?pas-?repond(?:re|ez)|"
    r"nicht-?antworten|keine?-?antwort|no-?responder|no-?responda|nao-?responda|non-?rispondere|niet-?antwoorden|"
    r"geen-?antwoord|svar-?ikke|svara-?ej|nie-?odpowiadaj)(?:-|\d|$)"
)
_MARKS = re.compile(r"[-_.]+")


def normalize(address: str) -> str:
    """Return the address as it is compared and stored: trimmed, in lower case."""
    return address.strip().lower()


def is_address(text: str) -> bool:
    """Tell whether the text could be one mail address (254 characters at most, RFC 5321 4.5.3.1)."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def domain(address: str) -> str:
    """Return what follows the last @, or an empty string."""
    return address.rpartition("@")[2] if "@" in address else ""


def is_nobody(address: str) -> bool:
    """Tell whether the address says of itself that nobody reads it (no-reply, ne-pas-repondre, mailer-daemon …)."""
    local = normalize(address).partition("@")[0].partition("+")[0]
    return _NOBODY.match(_MARKS.sub("-", local)) is not None


def without_plus(address: str) -> str:
    """Return the address without what stands behind a plus before the @ (RFC 5233)."""
    local, at, host = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{host}"
