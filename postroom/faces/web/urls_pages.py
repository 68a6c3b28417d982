"""Sign-in, set-up, the demo's mail tray and the settings."""

from django.urls import URLPattern, path

from postroom.faces.web.views import health, setup, setup_demo, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/as/<int:person_id>", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("setup/<str:token>", setup.doors, name="setup"),
    path("setup/<str:token>/team", setup.team, name="setup-team"),
    path("setup/<str:token>/team/incoming-test", setup.test_incoming, name="setup-test-incoming"),
    path("setup/<str:token>/team/outgoing-test", setup.test_outgoing, name="setup-test-outgoing"),
    path("setup/<str:token>/guess", setup.guess, name="setup-guess"),
    path("setup/<str:token>/demo", setup_demo.demo, name="setup-demo"),
    path("health", health.health, name="health"),
    path("robots.txt", health.robots, name="robots"),
    path("favicon.ico", health.favicon, name="favicon"),
]
