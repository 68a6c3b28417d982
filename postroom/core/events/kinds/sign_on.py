"""What happens to sign-in providers, and to who is whom there."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class SignInProviderChanged(Kind):
    """A provider that says who people are was named, changed or dropped (never what the secret is)."""

    name = "sign_in_provider.changed"
    sentence = _("changed how people sign in with %(provider)s")
    provider: str


@dataclass(frozen=True)
class SignInLinked(Kind):
    """From now on a provider signs this person in."""

    name = "person.sign_in_linked"
    sentence = _("linked %(person)s with a sign-in at %(provider)s")
    personal = frozenset({"person"})
    person: str
    user_id: int
    provider: str


@dataclass(frozen=True)
class SignInUnlinked(Kind):
    """A provider does not sign this person in any more."""

    name = "person.sign_in_unlinked"
    sentence = _("undid the link of %(person)s with a sign-in at %(provider)s")
    personal = frozenset({"person"})
    person: str
    user_id: int
    provider: str
