"""Which hosts inside our own network requests may go to."""

from django.urls import URLPattern, path

from postroom.faces.web.views import hosts

urlpatterns: list[URLPattern] = [
    path("settings/security/hosts", hosts.hosts, name="settings-hosts"),
    path("settings/security/hosts/removal", hosts.removal, name="settings-hosts-removal"),
]
