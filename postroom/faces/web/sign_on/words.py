"""What is kept about providers in the words of pages and of the audit log."""

from postroom.core.accounts.models import SignInProvider
from postroom.core.accounts.models.sign_on import LDAP, OPENID_KINDS, SAML

_FAMILIES = {**dict.fromkeys(OPENID_KINDS, "oidc"), SAML: SAML, LDAP: LDAP}


def how(provider: SignInProvider) -> str:
    """Return by what somebody signed in, for `enter` and the audit log: "oidc:Acme"."""
    return f"{_FAMILIES[provider.kind]}:{provider.name}"
