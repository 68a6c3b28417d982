"""Finding conversations: search, and saved views."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import saved_views, search

urlpatterns: list[URLPattern] = [
    path("search", search.search, name="search"),
    path("search/rows", search.rows, name="search-rows"),
    path("search/completion", search.completion, name="search-completion"),
    path("views", saved_views.views, name="views"),
    path("views/new", saved_views.new, name="view-new"),
    path("views/counts", saved_views.counts, name="view-counts"),
    path("views/<id:view_id>", saved_views.view, name="view"),
    path("views/<id:view_id>/rows", saved_views.rows, name="view-rows"),
    path("views/<id:view_id>/settings", saved_views.settings, name="view-settings"),
    path("views/<id:view_id>/hiding", saved_views.hiding, name="view-hiding"),
    path("views/<id:view_id>/place", saved_views.place, name="view-place"),
]
