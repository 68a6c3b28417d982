"""Alarms as people see them: what is wrong, what is safe, and where it is mended."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from postroom.channels.mail import alarm_words
from postroom.channels.mail.models import Alarm
from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import MAILBOXES, level_on, may, may_manage


@dataclass(frozen=True)
class AlarmView:
    """One alarm. `url` is empty where this person can mend nothing."""

    sentence: str
    advice: str
    url: str
    since: datetime
    ended_at: datetime | None
    mailbox_name: str


def view(alarm: Alarm, user: User) -> AlarmView:
    """Return what this person sees of an alarm."""
    words = alarm_words.words(alarm.kind)
    return AlarmView(
        sentence=alarm_words.sentence(alarm.kind, alarm.detail),
        advice=str(words.advice),
        url=_url(words.page, alarm.mailbox_id, user),
        since=alarm.since,
        ended_at=alarm.ended_at,
        mailbox_name=alarm.mailbox.name,
    )


def title(kind: str) -> str:
    """Return the few words for a list."""
    return str(alarm_words.words(kind).title)


def _url(page: str, mailbox_id: int, user: User) -> str:
    if page == "settings":
        return f"{reverse('settings-mailbox', args=[mailbox_id])}#incoming" if may_manage(user, mailbox_id) else ""
    if page == "letters":
        return reverse("settings-letters") if may(user, MAILBOXES) else ""
    if not level_on(user, mailbox_id):
        # Who only keeps the settings reads nothing of the mail.
        return ""
    if page == "inbox":
        return reverse("mailbox-folder", args=[mailbox_id, "open"])
    ledger = reverse("ledger", args=[mailbox_id])
    return f"{ledger}?state=quarantined" if page == "quarantine" else ledger
