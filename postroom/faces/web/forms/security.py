"""The rules of signing in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.actions.policy import Rules
from postroom.core.accounts.models import SecurityPolicy
from postroom.core.accounts.policy import EVERYBODY, MANAGERS, NOBODY
from postroom.faces.web.forms.fields import TextField

SECOND_FACTORS = (
    (NOBODY, _("Nobody: everybody may")),
    (MANAGERS, _("Whoever manages people, mailboxes or security")),
    (EVERYBODY, _("Everybody")),
)


class NumberField(forms.IntegerField):
    """A whole number; how large it may be, the verb says."""

    def __init__(self, *, required: bool) -> None:
        wrong = _("Write a whole number.")
        super().__init__(
            required=required,
            min_value=0,
            max_value=1_000_000,
            error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong, "required": _("This is needed.")},
        )


class SecurityForm(forms.Form):
    """Second factor, how long sessions last, and from where people may come."""

    second_factor = forms.ChoiceField(
        choices=SECOND_FACTORS,
        error_messages={"invalid_choice": _("Choose one of the three."), "required": _("This is needed.")},
    )
    second_factor_by = forms.DateField(
        required=False, error_messages={"invalid": _("This is not a day. It looks like 2026-12-31.")}
    )
    session_days = NumberField(required=True)
    session_idle_minutes = NumberField(required=False)
    allow_list = TextField(length=10_000, required=False)
    api_tokens = forms.BooleanField(required=False)
    answers_by_mail = forms.BooleanField(required=False)
    words_in_letters = forms.BooleanField(required=False)

    def rules(self) -> Rules:
        """Return what was typed; only of a valid form."""
        typed = self.cleaned_data
        return Rules(
            second_factor=typed["second_factor"],
            second_factor_by=typed["second_factor_by"],
            session_days=typed["session_days"],
            session_idle_minutes=typed["session_idle_minutes"] or 0,
            allow_list=tuple(typed["allow_list"].replace(",", " ").split()),
            api_tokens=typed["api_tokens"],
            answers_by_mail=typed["answers_by_mail"],
            words_in_letters=typed["words_in_letters"],
        )


def present(policy: SecurityPolicy) -> dict[str, Any]:
    """Return the rules that hold, as the form shows them."""
    return {
        "second_factor": policy.second_factor,
        "second_factor_by": policy.second_factor_by.isoformat() if policy.second_factor_by else "",
        "session_days": policy.session_days,
        "session_idle_minutes": policy.session_idle_minutes or "",
        "allow_list": "\n".join(map(str, policy.allow_list)),
        "api_tokens": policy.api_tokens,
        "answers_by_mail": policy.answers_by_mail,
        "words_in_letters": policy.words_in_letters,
    }
