"""Writing: replies, notes, uploads, and the bodies of messages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
