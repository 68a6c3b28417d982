"""What django-allauth asks us: whom it may sign in, and how its secrets are kept."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from postroom.core.accounts.models import User
from postroom.faces.web.signing_in.entering import enter
from postroom.lib.sealing import seal, unseal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up here, and whoever allauth recognised goes through our own door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that strangers get no account by themselves."""
        del request
        return False

    def pre_login(self, request: HttpRequest, user: User, **_options: Any) -> HttpResponse:
        """Let `enter` do what follows a first factor; allauth's own stages are never reached."""
        records = get_authentication_records(request, user)
        last = records[-1] if records else {}
        how = ":".join(str(last[key]) for key in ("method", "provider") if last.get(key))
        return enter(request, user, how=how or "allauth")

    def login(self, request: HttpRequest, user: User) -> None:
        """Refuse: a session is opened by `entering` and by nothing else."""
        del request, user
        raise AssertionError("Sessions are opened by signing_in.entering.")

    def get_login_stages(self) -> list[str]:
        """Return none: the second factor is asked for by `entering`."""
        return []

    def add_message(self, *_args: Any, **_options: Any) -> None:
        """Say nothing: each page says what it did."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds are sealed with the key that lies beside the database."""

    def encrypt(self, text: str) -> str:
        """Return the secret sealed."""
        return seal(text, key=settings.POSTROOM_KEY)

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was sealed."""
        return unseal(encrypted_text, key=settings.POSTROOM_KEY)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the name that a browser shows beside a passkey, and the host it belongs to."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Postroom"}
