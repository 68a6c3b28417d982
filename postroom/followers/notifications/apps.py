from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "postroom.followers.notifications"
    label = "postroom_notifications"
    default_auto_field = "django.db.models.BigAutoField"
