from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "postroom.core.audit"
    label = "postroom_audit"
    default_auto_field = "django.db.models.BigAutoField"
