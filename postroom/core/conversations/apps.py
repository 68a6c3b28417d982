from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "postroom.core.conversations"
    label = "postroom_conversations"
    default_auto_field = "django.db.models.BigAutoField"
