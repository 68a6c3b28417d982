"""Sign-in, set-up, the demo's mail tray and the settings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
