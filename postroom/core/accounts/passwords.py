"""Which passwords may be set: long ones that nobody would try first. How they are spelt is no concern."""

import re
import unicodedata

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox, User

LONGEST = 1000
# What has to be left when all that everybody knows of the person and the place is taken out.
_OWN = 5
# A year, and a sign or two: hung on a common password they are tried next.
_TAIL = 6
_WORDS = re.compile(r"[^\W_]+")
_ENDS = re.compile(r"^[\d\W_]+|[\d\W_]+$")
# Of nobody: domains' and mailboxes' usual words.
_PLAIN = ("postroom", "support", "password", "info", "mail", "www", "com", "org", "net", "example")


class Unguessable:
    """Refuses what somebody who knows the team would try: common passwords with a year behind, names, addresses."""

    def __init__(self) -> None:
        self._common: set[str] | None = None

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError with a sentence for a password that is guessed quickly."""
        text = unicodedata.normalize("NFKC", password).casefold()
        if len(set(text)) < 4:
            raise ValidationError(_("This password repeats the same few characters. A few words in a row are better."))
        core = _ENDS.sub("", text)
        if text in self.common or (len(text) - len(core) <= _TAIL and core in self.common):
            raise ValidationError(
                _("This password is one of those that are tried first. A few words of your own are better.")
            )
        if _is_known(text, known_words(user)):
            raise ValidationError(
                _("This password is made of names and addresses that everybody here knows. Take other words.")
            )

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        return _("At least 10 characters. A few words in a row are better than signs and digits.")

    @property
    def common(self) -> set[str]:
        """The twenty thousand most common passwords, bundled with Django; read when first asked for."""
        if self._common is None:
            self._common = set(CommonPasswordValidator().passwords)
        return self._common


def known_words(user: User | None) -> set[str]:
    """Return what everybody knows: the person's name and address, the mailboxes', this program's."""
    texts = [*_PLAIN, *(part for pair in Mailbox.objects.values_list("name", "address") for part in pair)]
    if user is not None:
        texts += [user.name, user.email]
    words = (word for text in texts for word in _WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))
    return {word for word in words if len(word) >= 3}


def _is_known(text: str, words: set[str]) -> bool:
    """Tell whether next to nothing is left when these words are taken out: a year and a sign are next to nothing."""
    left = text
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, " ")
    own = [piece for piece in _WORDS.findall(left) if len(piece) > 4 or not piece.isdigit()]
    return left != text and sum(map(len, own)) < _OWN
