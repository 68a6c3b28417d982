"""What happens to people's second factors."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class SecondFactorChanged(Kind):
    """An app or a passkey was added or removed, or there are new recovery codes; which, is in the audit log."""

    name = "person.second_factor_changed"
    sentence = _("changed the second factor of %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int
