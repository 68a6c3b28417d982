"""Where a conversation belongs: to which mailbox, to whom, and what it has to do with others."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
