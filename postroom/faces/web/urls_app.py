"""What makes the pages an app, and how a person is told of news."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import installed_app, notification_settings, palette

urlpatterns: list[URLPattern] = [
    path("manifest.webmanifest", installed_app.manifest, name="manifest"),
    path("service-worker.js", installed_app.service_worker, name="service-worker"),
    path("offline", installed_app.offline, name="offline"),
    path("palette", palette.palette, name="palette"),
    path("settings/notifications", notification_settings.notification_settings, name="settings-notifications"),
    # POST lets this browser be told, DELETE ends it.
    path("settings/notifications/devices", notification_settings.device, name="settings-device"),
    path(
        "settings/notifications/devices/<id:device_id>/removal",
        notification_settings.removal,
        name="settings-device-removal",
    ),
    path("settings/notifications/trial", notification_settings.trial, name="settings-push-trial"),
]
