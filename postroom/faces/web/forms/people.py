"""Forms about people, mailboxes and teams."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import Mailbox, User
from postroom.faces.web.forms.fields import AddressField, LineField, NewPasswordField, SecretField, TextField

_CHOOSE = {
    "invalid_choice": _("This is no longer there. Reload the page and choose again."),
    "required": _("This is needed."),
}


def languages() -> list[tuple[str, str]]:
    """Return the languages that Postroom speaks, each called by its own name."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class OwnerForm(forms.Form):
    """The first person: the owner of this Postroom."""

    name = LineField(length=120)
    email = AddressField()
    password = NewPasswordField()


class MailboxForm(forms.Form):
    """An address that the team answers, and how it signs."""

    name = LineField(length=80)
    address = AddressField()
    from_name = LineField(length=120, required=False)


class MailboxDetailsForm(forms.Form):
    """What can be changed of a mailbox: its address stays, since customers' mail comes there."""

    name = LineField(length=80)
    from_name = LineField(length=120, required=False)
    signature = TextField(length=5000, required=False)
    plus_address = forms.BooleanField(required=False)


class IdsField(forms.TypedMultipleChoiceField):
    """Some of the rows that may be chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, required=False, error_messages=_CHOOSE, **options)


class ColleagueForm(forms.Form):
    """A new colleague, with the mailboxes they will see."""

    name = LineField(length=120)
    email = AddressField()
    password = NewPasswordField()
    language = forms.ChoiceField(choices=languages, error_messages=_CHOOSE)
    mailboxes = IdsField()

    def __init__(self, *args: Any, among: Iterable[Mailbox], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mailboxes"].choices = [(mailbox.pk, mailbox.name) for mailbox in among]  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """A team and its members."""

    name = LineField(length=80)
    members = IdsField()

    def __init__(self, *args: Any, among: Iterable[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["members"].choices = [(person.pk, person.name) for person in among]  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """A new password, by somebody who knows the old one."""

    present = SecretField()
    new = NewPasswordField()

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self.person.check_password(present):
            raise forms.ValidationError(_("This is not your present password. It was not changed."))
        return present


class GivenPasswordForm(forms.Form):
    """A new password for a colleague who forgot theirs."""

    new = NewPasswordField()
