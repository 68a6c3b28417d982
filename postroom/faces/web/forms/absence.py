"""From when to when somebody is away, and who covers."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import User
from postroom.faces.web.forms.fields import LineField

_NO_DAY = {"invalid": _("This is no day. Choose one from the calendar."), "required": _("This is needed.")}


class AbsenceForm(forms.Form):
    """The first and the last day away, who covers ("" for nobody) and a word for colleagues."""

    since = forms.DateField(error_messages=_NO_DAY)
    until = forms.DateField(required=False, error_messages=_NO_DAY)
    cover = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("They are not here any more.")},
    )
    words = LineField(length=200, required=False)

    def __init__(self, *args: Any, me: User, **options: Any) -> None:
        super().__init__(*args, **options)
        others = User.objects.filter(is_active=True).exclude(pk=me.pk).order_by("name", "pk")
        field = self.fields["cover"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("Nobody")), *others.values_list("pk", "name")]

    def moments(self) -> tuple[datetime, datetime | None]:
        """Return when they go and when they are back, in the person's time zone; None for no end."""
        until: date | None = self.cleaned_data["until"]
        return _midnight(self.cleaned_data["since"]), _midnight(until + timedelta(days=1)) if until else None


def as_said(me: User) -> dict[str, object]:
    """Return what the form shows at first."""
    last = timezone.localdate(me.away_until - timedelta(seconds=1)) if me.away_until else None
    since = timezone.localdate(me.away_from) if me.away_from else timezone.localdate()
    return {"since": since, "until": last, "cover": me.covered_by_id, "words": me.away_words or ""}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
