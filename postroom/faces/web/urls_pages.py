"""Sign-in, set-up, the demo's mail tray and the settings."""

from django.urls import URLPattern, path

from postroom.faces.web.views import health, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/as/<int:person_id>", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("health", health.health, name="health"),
    path("robots.txt", health.robots, name="robots"),
    path("favicon.ico", health.favicon, name="favicon"),
]
