"""Writing as a customer, in the demo."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import Mailbox
from postroom.faces.web.forms.fields import AddressField, LineField, TextField


class CustomerMailForm(forms.Form):
    """A mail as Ann would write it. `answers` is the mail of the tray that it answers."""

    from_name = LineField(length=120, required=False)
    from_email = AddressField()
    mailbox = forms.TypedChoiceField(
        coerce=int,
        error_messages={"required": _("This is needed."), "invalid_choice": _("Choose one of the mailboxes.")},
    )
    subject = LineField(length=500, required=False)
    text = TextField(length=200_000)
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        error_messages={"invalid": _("This file did not arrive whole. Choose it again.")},
    )
    answers = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, among: Iterable[Mailbox], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(mailbox.pk, f"{mailbox.name} · {mailbox.address}") for mailbox in among]
        self.fields["mailbox"].choices = choices  # type: ignore[attr-defined]
