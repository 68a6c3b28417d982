from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "postroom.channels.mail"
    label = "postroom_mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the history is told from what somebody writes now, and which stored mails are still needed."""
        from postroom.channels.mail.needed_bytes import needed
        from postroom.core.conversations.actions.forget_files import held_by
        from postroom.core.conversations.newest_words import cut_history_by

        cut_history_by(_shown)
        held_by(needed)


def _shown(text: str, subject: str) -> str:
    from postroom.channels.mail.quotes import split_reply

    return split_reply(text, subject=subject).shown
