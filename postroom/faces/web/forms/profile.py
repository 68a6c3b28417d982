"""What a person says of themself."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import User
from postroom.core.accounts.working_hours import WEEKDAYS, Hours, NoSuchHours, from_to, working_hours
from postroom.faces.web.forms.fields import LineField
from postroom.faces.web.forms.people import languages

_CHOOSE = {
    "invalid_choice": _("This is no longer there. Reload the page and choose again."),
    "required": _("This is needed."),
}


class ProfileForm(forms.Form):
    """Name, language, time zone, keys, and for each weekday `from-<n>` and `to-<n>`; `hours` once it is valid."""

    name = LineField(length=120)
    language = forms.ChoiceField(choices=languages, error_messages=_CHOOSE)
    time_zone = LineField(length=64, required=False)
    single_keys = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.hours: Hours = {}
        for day in WEEKDAYS:
            for end in ("from", "to"):
                self.fields[f"{end}-{day}"] = LineField(length=8, required=False)

    def clean(self) -> dict[str, Any]:
        """Read the hours of the week together."""
        typed = {
            day: (self.cleaned_data.get(f"from-{day}", ""), self.cleaned_data.get(f"to-{day}", "")) for day in WEEKDAYS
        }
        try:
            self.hours = working_hours(typed)
        except NoSuchHours as wrong:
            sentence = _("Type when work begins and, later that day, when it ends; leave both empty for a free day.")
            self.add_error(f"to-{wrong.weekday}", sentence)
        return self.cleaned_data


def as_typed(me: User) -> dict[str, object]:
    """Return what the form shows at first."""
    hours: dict[str, object] = {}
    for day in WEEKDAYS:
        hours[f"from-{day}"], hours[f"to-{day}"] = from_to(me.working_hours, weekday=day)
    return {
        "name": me.name,
        "language": me.language,
        "time_zone": me.time_zone,
        "single_keys": me.single_keys,
        **hours,
    }


def weekday_names() -> list[tuple[str, str]]:
    """Return (number, name) from Monday on."""
    return [(day, str(DAY_NAMES[int(day) - 1]).capitalize()) for day in WEEKDAYS]
