"""Sign-in, set-up, the demo's mail tray and the settings."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import (
    customer,
    health,
    mailbox_settings,
    people,
    profile,
    setup,
    setup_demo,
    sign_in,
    teams,
    tray,
)

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/as/<id:person_id>", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    # set-up, until somebody is here
    path("setup/<str:token>", setup.doors, name="setup"),
    path("setup/<str:token>/team", setup.team, name="setup-team"),
    path("setup/<str:token>/team/incoming-test", setup.test_incoming, name="setup-test-incoming"),
    path("setup/<str:token>/team/outgoing-test", setup.test_outgoing, name="setup-test-outgoing"),
    path("setup/<str:token>/guess", setup.guess, name="setup-guess"),
    path("setup/<str:token>/demo", setup_demo.demo, name="setup-demo"),
    # settings
    path("settings", profile.settings_home, name="settings"),
    path("settings/profile", profile.profile, name="settings-profile"),
    path("settings/password", profile.password, name="settings-password"),
    path("settings/people", people.people, name="settings-people"),
    path("settings/people/new", people.new_colleague, name="settings-person-new"),
    path("settings/people/<id:person_id>", people.colleague, name="settings-person"),
    path("settings/people/<id:person_id>/password", people.given_password, name="settings-person-password"),
    path("settings/mailboxes", mailbox_settings.mailboxes, name="settings-mailboxes"),
    path("settings/mailboxes/new", mailbox_settings.new_mailbox, name="settings-mailbox-new"),
    path("settings/mailboxes/<id:mailbox_id>", mailbox_settings.mailbox, name="settings-mailbox"),
    path("settings/mailboxes/<id:mailbox_id>/incoming", mailbox_settings.incoming, name="settings-mailbox-incoming"),
    path("settings/mailboxes/<id:mailbox_id>/outgoing", mailbox_settings.outgoing, name="settings-mailbox-outgoing"),
    path(
        "settings/mailboxes/<id:mailbox_id>/incoming/test",
        mailbox_settings.test_incoming,
        name="settings-mailbox-incoming-test",
    ),
    path(
        "settings/mailboxes/<id:mailbox_id>/outgoing/test",
        mailbox_settings.test_outgoing,
        name="settings-mailbox-outgoing-test",
    ),
    path("settings/teams", teams.teams, name="settings-teams"),
    path("settings/teams/<id:team_id>", teams.team, name="settings-team"),
    # the demo's mail tray
    path("tray", tray.tray, name="tray"),
    path("tray/write", customer.write, name="tray-write"),
    path("tray/<id:mail_id>", tray.mail, name="tray-mail"),
    path("tray/<id:mail_id>/html", tray.html, name="tray-html"),
    path("tray/<id:mail_id>/raw", tray.raw, name="tray-raw"),
    path("tray/<id:mail_id>/files/<id:place>", tray.file, name="tray-file"),
    # for machines
    path("health", health.health, name="health"),
    path("robots.txt", health.robots, name="robots"),
    path("favicon.ico", health.favicon, name="favicon"),
]
