"""What django-allauth's single sign-on asks us: by which web client, and what to show when it fails."""

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError
from django.http import HttpRequest


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Providers, links and people are ours (core/accounts/models/sign_on.py); allauth speaks the protocol."""

    def get_requests_session(self) -> requests.Session:
        """Return the guarded client."""
        from postroom.faces.web.sign_on.network import session

        return session()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Show our own page instead of allauth's."""
        from postroom.faces.web.sign_on.openid import refused

        del extra_context
        cancelled = error == AuthError.CANCELLED
        raise ImmediateHttpResponse(refused(request, provider.app.ours, cancelled=cancelled, exception=exception))

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Return none: whatever allauth keeps itself is not to sign anybody in."""
        del request, provider, client_id
        return []
