"""Forms about how people come, go and are seen."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from postroom.core.accounts.models import ANSWERING, MANAGING, NONE, SEEING, Mailbox
from postroom.faces.web.forms.fields import AddressField, LineField, NewPasswordField, TextField
from postroom.faces.web.forms.people import languages

_CHOOSE = {
    "invalid_choice": _("This is no longer there. Reload the page and choose again."),
    "required": _("This is needed."),
}
LEVEL_WORDS = (
    (NONE, pgettext_lazy("level", "Not at all")),
    (SEEING, pgettext_lazy("level", "See")),
    (ANSWERING, pgettext_lazy("level", "Answer")),
    (MANAGING, pgettext_lazy("level", "Manage")),
)


class InviteForm(forms.Form):
    """Whom to invite, as what, and what they may do in each mailbox (a field `level-<id>` each)."""

    name = LineField(length=120)
    email = AddressField()
    role = forms.ChoiceField(error_messages=_CHOOSE)
    language = forms.ChoiceField(choices=languages, error_messages=_CHOOSE)

    def __init__(self, *args: Any, roles: Iterable[tuple[str, str]], among: Iterable[Mailbox], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]
        self.among = list(among)
        for mailbox in self.among:
            self.fields[f"level-{mailbox.pk}"] = forms.TypedChoiceField(
                choices=LEVEL_WORDS, coerce=int, required=False, error_messages=_CHOOSE
            )

    def levels(self) -> dict[Mailbox, int]:
        """Return what was chosen, for mailboxes with more than nothing."""
        chosen = {mailbox: self.cleaned_data.get(f"level-{mailbox.pk}") or NONE for mailbox in self.among}
        return {mailbox: level for mailbox, level in chosen.items() if level != NONE}


class WelcomeForm(forms.Form):
    """What somebody says who comes for the first time."""

    name = LineField(length=120)
    password = NewPasswordField()


class LeavingForm(forms.Form):
    """Who gets the open work of somebody who leaves: `user-<id>`, `team-<id>`, or nothing for nobody."""

    to = forms.ChoiceField(required=False, error_messages=_CHOOSE)

    def __init__(self, *args: Any, among: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [("", ""), *among]  # type: ignore[attr-defined]


class LettersForm(forms.Form):
    """Through which mailbox Postroom's own mail leaves; empty for the first one that can."""

    mailbox = forms.TypedChoiceField(coerce=int, required=False, empty_value=None, error_messages=_CHOOSE)

    def __init__(self, *args: Any, among: Iterable[Mailbox], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = [(mailbox.pk, f"{mailbox.name} ({mailbox.address})") for mailbox in among]
        self.fields["mailbox"].choices = [("", _("The first one that can send")), *chosen]  # type: ignore[attr-defined]


class SignaturesForm(forms.Form):
    """How a person signs in each mailbox (a field `mailbox-<id>` each)."""

    def __init__(self, *args: Any, among: Iterable[Mailbox], **options: Any) -> None:
        super().__init__(*args, **options)
        for mailbox in among:
            self.fields[f"mailbox-{mailbox.pk}"] = TextField(length=5000, required=False)
