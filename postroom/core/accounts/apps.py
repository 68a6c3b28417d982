from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "postroom.core.accounts"
    label = "postroom_accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the storey below where the owner's allowed hosts are kept."""
        from postroom.core.accounts.policy import allowed_hosts
        from postroom.lib.network import allowance

        allowance.kept_in(allowed_hosts)
