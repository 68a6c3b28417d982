"""Django's door to the templates: one environment for each language."""

from functools import cache
from typing import Any

from django.conf import settings
from django.template.backends.jinja2 import Jinja2
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from jinja2 import Environment, FileSystemLoader


class Pages(Jinja2):
    """Django's Jinja2 backend, choosing the templates that were compiled for the language that is active."""

    app_dirname = "jinja2"

    def __init__(self, params: dict[str, Any]) -> None:
        make = import_string(params["OPTIONS"]["environment"])
        folders = [*params["DIRS"]]

        @cache
        def environment_of(_language: str) -> Environment:
            made: Environment = make(
                loader=FileSystemLoader(folders), autoescape=True, auto_reload=settings.DEBUG, cache_size=-1
            )
            return made

        self._environment_of = environment_of
        super().__init__(params)

    @property
    def env(self) -> Environment:
        """The templates of the active language."""
        return self._environment_of(get_language() or "")

    @env.setter
    def env(self, _made: Environment) -> None:
        """Django makes one at the start, when there is no language yet."""
