from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "postroom.channels.mail"
    label = "postroom_mail"
    default_auto_field = "django.db.models.BigAutoField"
