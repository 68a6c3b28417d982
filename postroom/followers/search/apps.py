from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "postroom.followers.search"
    label = "postroom_search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand behind the door of the condition language."""
        from postroom.core.conversations.condition.words import stand_behind
        from postroom.followers.search.engine import FullText

        stand_behind(FullText())
