"""Forms about roles and access."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.faces.web.forms.fields import LineField

_CHOOSE = {
    "invalid_choice": _("This is not yours to give. Reload the page and choose again."),
    "required": _("This is needed."),
}


class RoleForm(forms.Form):
    """A role of our own: a name, and what it allows."""

    name = LineField(length=80)
    permissions = forms.MultipleChoiceField(required=False, error_messages=_CHOOSE)

    def __init__(self, *args: Any, among: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["permissions"].choices = list(among)  # type: ignore[attr-defined]


class GivenRoleForm(forms.Form):
    """The role of a person: a built-in one by its code, one of our own by `own-` and its number."""

    role = forms.ChoiceField(error_messages=_CHOOSE)

    def __init__(self, *args: Any, among: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = list(among)  # type: ignore[attr-defined]
