"""How a mailbox sends: rates, spare server and Sent copies."""

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.channels.mail.models import COPY_ALWAYS, COPY_AS_NEEDED, COPY_NEVER

COPIES = (
    (COPY_AS_NEEDED, _("When the server does not do it by itself")),
    (COPY_ALWAYS, _("Always")),
    (COPY_NEVER, _("Never")),
)


class RateField(forms.IntegerField):
    """So many mails at most; empty is without a limit."""

    def __init__(self, *, most: int) -> None:
        wrong = _("Write a whole number from 1 to %(most)s, or leave it empty.") % {"most": most}
        super().__init__(
            required=False,
            min_value=1,
            max_value=most,
            error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
        )


class RulesForm(forms.Form):
    """How much, how patient, and what is kept."""

    per_minute = RateField(most=10_000)
    per_day = RateField(most=1_000_000)
    spare_after = RateField(most=1440)
    keep_copy = forms.ChoiceField(choices=COPIES, error_messages={"invalid_choice": _("Choose one of the three.")})

    def clean_spare_after(self) -> int:
        """Return the minutes; empty is the usual quarter of an hour."""
        return self.cleaned_data["spare_after"] or 15
