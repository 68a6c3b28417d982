from collections.abc import Collection

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "postroom.followers.search"
    label = "postroom_search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand behind the door of the condition language, and forget the words of files that are forgotten."""
        from postroom.core.conversations.actions.forget_files import held_by
        from postroom.core.conversations.condition.words import stand_behind
        from postroom.followers.search.engine import FullText

        stand_behind(FullText())
        held_by(lambda _digests: set(), told=_forget)


def _forget(digests: Collection[str]) -> None:
    from postroom.followers.search.models import FileText

    FileText.objects.filter(pk__in=digests).delete()
