"""Text as it is compared: without case and accents. Messages and questions go the same way.

Both engines are given what comes out of here, so that they find the same; neither needs an extension for it.
"""

import re
import unicodedata

# Accents and points of the alphabets that do without them: Latin, Greek, Cyrillic, Hebrew, Arabic. Thai and Indian
# vowels are such marks, too, and stay. Then what is invisible: joiners, directions, variants of signs, soft hyphens.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e01ef\U0001f3fb-\U0001f3ff]+"
)
# Letters that no decomposition takes apart. Turkish has four letters i; without a language they are one. The last two
# are how Arabic is typed in a hurry.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ŀ": "l", "ŋ": "n", "ĸ": "k",
     "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ", "ى": "ي", "ة": "ه"}
)  # fmt: skip
# How those letters are written by people without the keys for them.
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
)
_HAS_SPELLED_OUT = re.compile("[äöüåøÄÖÜÅØ]")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


def fold(text: str) -> str:
    """Return the text in the form in which it is compared; any text will do."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text)
    text = _DROPPED.sub("", text).casefold().translate(_LETTERS)
    text = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), text)
    # Once more: small letters may have accents that the capital had not (İ), and syllables were taken apart.
    return unicodedata.normalize("NFC", _DROPPED.sub("", unicodedata.normalize("NFKD", text)))


def spelled_out(word: str) -> str:
    """Return a word with the umlauts written as two letters, folded; "" where it has none."""
    word = unicodedata.normalize("NFC", word)
    return fold(word.translate(_SPELLED_OUT)) if _HAS_SPELLED_OUT.search(word) else ""


def may_be_spelled_out(text: str) -> bool:
    """Tell whether some word of the text has umlauts."""
    return not text.isascii() and _HAS_SPELLED_OUT.search(unicodedata.normalize("NFC", text)) is not None
