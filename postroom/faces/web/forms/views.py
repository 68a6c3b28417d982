"""The form of a saved view."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import Team
from postroom.core.conversations.actions.keep_view import COLUMNS, DENSITIES
from postroom.core.conversations.selections import SORTS
from postroom.faces.web.forms.fields import LineField

EVERYBODY, TEAM = "all", "team."
SORT_WORDS = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "waiting": _("Longest waiting first"),
    "priority": _("By priority"),
    "rank": _("Best match first"),
}
COLUMN_WORDS = {
    "number": _("Number"),
    "mailbox": _("Mailbox"),
    "created": _("When it began"),
    "owner": _("Owner’s name"),
}
DENSITY_WORDS = {"": _("As everywhere"), "comfortable": _("Two lines"), "dense": _("One line")}
_CHOOSE = {"invalid_choice": _("This is no longer there. Reload the page and choose again.")}


class ViewForm(forms.Form):
    """What a view is called, what it holds, how it is shown, and with whom it is shared ("", "all" or "team.3")."""

    name = LineField(length=80)
    condition = LineField(length=1000, required=False)
    sort = forms.ChoiceField(
        choices=[(code, SORT_WORDS[code]) for code in SORTS], required=False, error_messages=_CHOOSE
    )
    columns = forms.MultipleChoiceField(
        choices=[(code, COLUMN_WORDS[code]) for code in COLUMNS], required=False, error_messages=_CHOOSE
    )
    density = forms.ChoiceField(
        choices=[(code, DENSITY_WORDS[code]) for code in DENSITIES], required=False, error_messages=_CHOOSE
    )
    shared = forms.ChoiceField(required=False, error_messages=_CHOOSE)

    def __init__(self, *args: Any, teams: Iterable[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [
            ("", _("Me alone")),
            *((f"{TEAM}{team.pk}", team.name) for team in teams),
            (EVERYBODY, _("Everybody")),
        ]
        self.fields["shared"].choices = choices  # type: ignore[attr-defined]
