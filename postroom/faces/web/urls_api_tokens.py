"""The tokens by which programs come in as somebody."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import api_tokens

urlpatterns: list[URLPattern] = [
    path("settings/tokens", api_tokens.tokens, name="settings-tokens"),
    path("settings/tokens/<id:token_id>/end", api_tokens.ending, name="settings-token-ending"),
    path(
        "settings/people/<id:person_id>/tokens/<id:token_id>/end",
        api_tokens.persons_ending,
        name="settings-person-token-ending",
    ),
]
