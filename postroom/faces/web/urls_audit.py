"""The audit log."""

from django.urls import URLPattern, path

from postroom.faces.web.views import audit

urlpatterns: list[URLPattern] = [
    path("settings/audit", audit.log, name="settings-audit"),
    path("settings/audit/log.<str:form>", audit.file, name="settings-audit-file"),
]
