from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "postroom.core.events"
    label = "postroom_events"
    default_auto_field = "django.db.models.BigAutoField"
