"""What a provider says of who is there, and why it may not be enough."""

from dataclasses import dataclass

from postroom.core.accounts.models import SignInLink, SignInProvider, User


class SignOnRefused(Exception):
    """The provider's word lets nobody in here; the sentence says why, and what to do."""


@dataclass(frozen=True)
class Said:
    """Who is there, in the provider's words; they were checked for having come from it, and for us.

    `subject` is what never changes for this person there, and means something only together with `issuer`. `email` is
    empty when nothing was said; whether it belongs to them is `email_verified`.
    """

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    # It has asked them for a second factor already.
    second_factor: bool = False


def link_of(provider: SignInProvider, *, said: Said) -> SignInLink | None:
    """Return who this subject is here; None when nobody was ever linked with it."""
    links = SignInLink.objects.filter(provider=provider, issuer=said.issuer, subject=said.subject)
    return links.select_related("user", "provider").first()


def has_worked_for(person: User) -> bool:
    """Tell whether a provider that is in use has signed this person in, as it is set up now."""
    links = SignInLink.objects.filter(user=person, last_used_at__isnull=False, provider__enabled=True)
    return any(link.issuer == link.provider.issuer for link in links.select_related("provider"))
