"""What is fetched from a mail account, and what may be done there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.channels.mail.fetching_rules import FetchingRules
from postroom.channels.mail.models import ARCHIVE, DELETE, JUNK, Source
from postroom.faces.web.forms.fields import LineField

_LONGEST = 500
_MOST_FOLDERS = 50


class FoldersField(forms.Field):
    """Names of folders: ticked ones, or one a line."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> tuple[str, ...]:
        lines = [line.strip("\r") for text in value or [] for line in str(text).split("\n")]
        names = tuple(dict.fromkeys(line for line in lines if line.strip()))
        if len(names) > _MOST_FOLDERS:
            raise forms.ValidationError(_("At most %(most)s folders can be followed."), params={"most": _MOST_FOLDERS})
        if any(len(name) > _LONGEST or not name.isprintable() for name in names):
            raise forms.ValidationError(_("One of these is not the name of a folder."))
        return names


class FetchingForm(forms.Form):
    """The folders of an IMAP account and what is done there; for POP3 only how long mail stays there."""

    more_folders = FoldersField(required=False)
    reads_sent = forms.BooleanField(required=False)
    sent_folder = LineField(length=_LONGEST, required=False)
    marks_seen = forms.BooleanField(required=False)
    when_closed = forms.ChoiceField(
        required=False,
        choices=(
            ("", _("Stays where it is")),
            (ARCHIVE, _("Goes to the archive")),
            (DELETE, _("Is deleted, to the trash if there is one")),
        ),
    )
    when_spam = forms.ChoiceField(
        required=False,
        choices=(
            ("", _("Stays where it is")),
            (JUNK, _("Goes to the junk folder")),
            (DELETE, _("Is deleted, to the trash if there is one")),
        ),
    )
    archive_folder = LineField(length=_LONGEST, required=False)
    junk_folder = LineField(length=_LONGEST, required=False)
    keep_days = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=3650,
        error_messages={
            name: _("A whole number of days, or nothing for ever.") for name in ("invalid", "min_value", "max_value")
        },
    )

    def rules(self, source: Source) -> FetchingRules:
        """Return what was chosen for this account. Only for a valid form."""
        typed = self.cleaned_data
        others = tuple(name for name in typed["more_folders"] if name != source.folder)
        return FetchingRules(**{**typed, "kind": source.kind, "more_folders": others})
