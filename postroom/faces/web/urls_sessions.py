"""Where people are signed in, and the rules of signing in."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import security, sessions

_PERSON = "settings/people/<id:person_id>/sessions"

urlpatterns: list[URLPattern] = [
    path("settings/sessions", sessions.sessions, name="settings-sessions"),
    path("settings/sessions/ending", sessions.ending, name="settings-sessions-ending"),
    path(_PERSON, sessions.persons_sessions, name="settings-person-sessions"),
    path(f"{_PERSON}/ending", sessions.persons_ending, name="settings-person-sessions-ending"),
    path("settings/security", security.security, name="settings-security"),
]
