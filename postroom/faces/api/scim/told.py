"""What a directory tells us of a person or a team, in our own terms; InvalidValueException where we cannot keep it."""

from typing import Any

from django.utils.translation import gettext as _
from scim2_models import InvalidValueException

from postroom.faces.api.scim.shapes import Group, User
from postroom.lib.addresses import is_address, normalize
from postroom.lib.text import one_line, storable

_LONGEST_ID = 255
# What somebody's own words may come to; a real one has some hundred bytes.
_LONGEST = 64 * 1024
_KEPT = ("userName", "name", "displayName", "emails")


def document(told: User | Group) -> dict[str, Any]:
    """Return what is kept word for word."""
    kept = {name: value for name, value in told.model_dump().items() if name in _KEPT and value is not None}
    if _size(kept) > _LONGEST:
        raise InvalidValueException(detail=_("This is too long to be kept. Nothing was changed."))
    return kept


def email(told: User) -> str:
    """Return the address they have here: the user name, or else the main of their addresses."""
    found = email_if_any(told)
    if not found:
        raise InvalidValueException(
            detail=_("Neither userName nor emails holds a mail address like name@example.org. Nothing was changed.")
        )
    return found


def email_if_any(told: User) -> str:
    """Return it, or an empty string."""
    main = sorted(told.emails or [], key=lambda one: not one.primary)
    for text in (told.user_name, *(one.value for one in main)):
        if text and is_address(address := normalize(storable(text))):
            return address
    return ""


def name(told: User) -> str:
    """Return what colleagues and customers will read; the part before the @ for somebody without a name."""
    parts = told.name
    whole = " ".join(filter(None, (parts.given_name, parts.family_name))) if parts else ""
    for text in (told.display_name, parts.formatted if parts else None, whole):
        if text and (line := one_line(text, length=120)):
            return line
    return email_if_any(told).partition("@")[0][:120]


def team_name(told: Group) -> str:
    """Return what the team is called here: one line of 80 characters at most."""
    found = one_line(told.display_name or "", length=80)
    if not found:
        raise InvalidValueException(detail=_("A team needs a displayName. Nothing was changed."))
    return found


def external_id(told: User | Group) -> str:
    """Return the directory's own id, empty without one."""
    found = told.external_id or ""
    if len(found) > _LONGEST_ID or storable(found) != found:
        raise InvalidValueException(detail=_("This externalId is too long, or not text. Nothing was changed."))
    return found


def _size(value: object) -> int:
    """Return how long the text in it is; InvalidValueException for text that no database keeps."""
    if isinstance(value, dict):
        return sum(_size(one) for one in value.values())
    if isinstance(value, list):
        return sum(20 + _size(one) for one in value)
    if isinstance(value, str) and storable(value) != value:
        raise InvalidValueException(detail=_("This holds a character that cannot be kept. Nothing was changed."))
    return len(str(value))
