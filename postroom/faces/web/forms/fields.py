"""Form fields that take anything and answer with a sentence."""

import re
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from postroom.lib import addresses
from postroom.lib.text import one_line, storable

# What no line of a form, a header or a list has use for; line breaks become blanks.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_HOST = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?|\[?[0-9A-Fa-f:]{2,39}\]?")
_REQUIRED = {"required": _("This is needed.")}
_LONGEST_PASSWORD = 1000


class LineField(forms.CharField):
    """One line of text, without control characters, at most `length` characters."""

    def __init__(self, *, length: int, **options: Any) -> None:
        super().__init__(error_messages=_REQUIRED, **options)
        self.length = length

    def run_validators(self, value: str) -> None:
        """Nothing but the length can be wrong; what cannot be stored was taken out before."""

    def to_python(self, value: Any) -> str:
        text = one_line(_CONTROLS.sub("", str(value or "")).replace("\ufffd", ""), length=100_000)
        if len(text) > self.length:
            raise forms.ValidationError(
                _("This is %(found)s characters long; at most %(most)s fit."),
                params={"found": len(text), "most": self.length},
            )
        return text


class TextField(forms.CharField):
    """Several lines of text, at most `length` characters."""

    def __init__(self, *, length: int, **options: Any) -> None:
        super().__init__(error_messages=_REQUIRED, strip=False, **options)
        self.length = length

    def run_validators(self, value: str) -> None:
        """As LineField."""

    def to_python(self, value: Any) -> str:
        text = storable(str(value or "")).replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > self.length:
            raise forms.ValidationError(
                _("This is %(found)s characters long; at most %(most)s fit."),
                params={"found": len(text), "most": self.length},
            )
        return text


class AddressField(LineField):
    """One mail address, as it is compared and stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(length=254, **options)

    def to_python(self, value: Any) -> str:
        text = addresses.normalize(super().to_python(value))
        if text and not addresses.is_address(text):
            raise forms.ValidationError(_("This is not a mail address. It should look like name@example.org."))
        return text


class HostField(LineField):
    """The name or the number of a server."""

    def __init__(self, **options: Any) -> None:
        super().__init__(length=253, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text and not _HOST.fullmatch(text):
            raise forms.ValidationError(_("This is not the name of a server. It should look like mail.example.org."))
        return text


class PortField(forms.IntegerField):
    """A port; empty when the security should decide."""

    def __init__(self) -> None:
        wrong = _("A port is a whole number from 1 to 65535. Leave it empty for the usual one.")
        super().__init__(
            required=False,
            min_value=1,
            max_value=65535,
            error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
        )


class SecretField(forms.CharField):
    """A password of a server: taken as it is typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, error_messages=_REQUIRED, **options)

    def run_validators(self, value: str) -> None:
        """Only what no database stores and no server takes is refused."""
        if len(value) > _LONGEST_PASSWORD or storable(value) != value or "\n" in value or "\r" in value:
            raise forms.ValidationError(
                _("This cannot be a password: it is very long or holds signs that no keyboard has.")
            )


class NewPasswordField(SecretField):
    """A password somebody chooses: long and not the first that a guesser tries; nothing else is asked of it."""

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        if len(value) < 10:
            raise forms.ValidationError(
                _("This password is too short. Take at least 10 characters: a few words in a row are easy to remember.")
            )
        try:
            password_validation.validate_password(value)
        except forms.ValidationError as wrong:
            raise forms.ValidationError(wrong.messages) from None
