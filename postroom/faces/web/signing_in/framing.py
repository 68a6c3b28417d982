"""The frame around the pages of the second factor: the settings, or nothing for whoever is held back."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from postroom.faces.web import shell
from postroom.faces.web.signing_in.due import is_held


def framed(request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """Answer with a page among the settings; whoever is held back sees no more than the page itself."""
    if is_held(request):
        return render(request, template, {**context, "frame": "second_factor_held.html", "held": True}, status=status)
    around = {**context, "frame": "settings.html", "tab": "second-factor", "held": False}
    return shell.page(request, template, around, status=status)
