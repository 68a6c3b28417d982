"""All addresses of the agents' pages; nouns, one list per group of pages."""

from django.urls import include, path

urlpatterns = [
    path("", include("postroom.faces.web.urls_sign_in")),
    path("", include("postroom.faces.web.urls_sign_on")),
    path("", include("postroom.faces.web.urls_ledger")),
    path("", include("postroom.faces.web.urls_inbox")),
    path("", include("postroom.faces.web.urls_finding")),
    path("", include("postroom.faces.web.urls_bulk")),
    path("", include("postroom.faces.web.urls_moving")),
    path("", include("postroom.faces.web.urls_reading")),
    path("", include("postroom.faces.web.urls_composer")),
    path("", include("postroom.faces.web.urls_together")),
    path("", include("postroom.faces.web.urls_framed")),
    path("", include("postroom.faces.web.urls_speaking")),
    path("", include("postroom.faces.web.urls_threads")),
    path("", include("postroom.faces.web.urls_time")),
    path("", include("postroom.faces.web.urls_sensitive")),
    path("", include("postroom.faces.web.urls_rights")),
    path("", include("postroom.faces.web.urls_pages")),
    path("", include("postroom.faces.web.urls_people")),
    path("", include("postroom.faces.web.urls_sessions")),
    path("", include("postroom.faces.web.urls_api_tokens")),
    path("", include("postroom.faces.web.urls_sending")),
    path("", include("postroom.faces.web.urls_providers")),
    path("", include("postroom.faces.web.urls_fetching")),
    path("", include("postroom.faces.web.urls_history")),
    path("", include("postroom.faces.web.urls_app")),
    path("", include("postroom.faces.web.urls_audit")),
    path("", include("postroom.faces.web.urls_hosts")),
    path("", include("postroom.faces.web.urls_directory")),
]
