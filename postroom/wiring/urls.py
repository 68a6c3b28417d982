"""Which face answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("postroom.faces.api.scim.urls")),
    path("", include("postroom.faces.api.v1.urls")),
    path("", include("postroom.faces.web.urls")),
]

handler400 = "postroom.faces.web.views.errors.bad_request"
handler403 = "postroom.faces.web.views.errors.forbidden"
handler404 = "postroom.faces.web.views.errors.not_found"
handler500 = "postroom.faces.web.views.errors.server_error"
