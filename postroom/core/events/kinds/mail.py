"""What happens to mail before and beside the conversations."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class MailFiledByHand(Kind):
    """A person put a mail that stood outside into a conversation; `mail_id` is the row of the ledger."""

    name = "mail.filed_by_hand"
    sentence = _("filed this mail by hand")
    mail_id: int


@dataclass(frozen=True)
class MailTakenBack(Kind):
    """What was filed by hand stands outside the conversations again."""

    name = "mail.taken_back"
    sentence = _("put a mail that was filed by hand aside again")
    mail_id: int


@dataclass(frozen=True)
class MailReadAgain(Kind):
    """Somebody asked to read a mail again that could not be understood."""

    name = "mail.read_again"
    sentence = _("asked to read this mail again")
    mail_id: int


@dataclass(frozen=True)
class MailUnderstood(Kind):
    """A mail that could not be understood was read again; what it says now stands in its message."""

    name = "mail.understood"
    sentence = _("could read this mail now")
    mail_id: int


@dataclass(frozen=True)
class CensusAsked(Kind):
    """Somebody asked to compare a server's mail with ours, and with `fetch` to fetch what is missing."""

    name = "mail.census_asked"
    sentence = _("asked to compare the mail of %(address)s with its server")
    address: str
    fetch: bool


@dataclass(frozen=True)
class AlarmRaised(Kind):
    """Something is wrong with a mailbox's mail; `alarm` is the kind of it and `alarm_id` its row."""

    name = "mail.alarm_raised"
    sentence = _("noticed that something is wrong with the mail of %(address)s")
    address: str
    alarm: str
    alarm_id: int


@dataclass(frozen=True)
class AlarmEnded(Kind):
    """What was wrong with a mailbox's mail is over."""

    name = "mail.alarm_ended"
    sentence = _("noticed that the mail of %(address)s is well again")
    address: str
    alarm: str
    alarm_id: int


@dataclass(frozen=True)
class HistoryBrought(Kind):
    """Mail from before Postroom is being taken in."""

    name = "mail.history_brought"
    sentence = _("took in old mail from %(archive)s")
    archive: str
