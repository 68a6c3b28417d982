from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "postroom.core.accounts"
    label = "postroom_accounts"
    default_auto_field = "django.db.models.BigAutoField"
