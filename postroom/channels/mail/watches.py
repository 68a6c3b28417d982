"""What is looked at for alarms. Whoever knows of another trouble adds a function to WATCHES."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from postroom.channels.mail import alarm_words
from postroom.channels.mail.figures import FolderFigures
from postroom.channels.mail.letter_queue import letters_in_trouble
from postroom.channels.mail.letters import sending_mailbox
from postroom.channels.mail.models import QUARANTINED, Census, IncomingMail, MailKey, Source
from postroom.channels.mail.models.key import OWN
from postroom.channels.mail.models.oauth import OAuthClient, OAuthGrant
from postroom.channels.mail.silence import silences
from postroom.core.accounts.models import Mailbox
from postroom.core.outbox.stuck import stuck

# A server that restarts, a line that breaks: usual. After this it is not.
_FAILING = timedelta(minutes=30)
_ENDS_SOON = timedelta(days=21)
_MOST = 1_000


@dataclass(frozen=True)
class Found:
    """Something wrong: `kind` and `detail` as in alarm_words.py, `about` what of the mailbox it is about."""

    mailbox_id: int
    kind: str
    since: datetime
    about: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)


def failing(now: datetime) -> Iterator[Found]:
    """Sources whose server has not let us take mail for half an hour, or never did."""
    for source in Source.objects.filter(active=True).exclude(last_error="").order_by("pk"):
        since = source.last_ok_at or source.last_error_at or now
        if source.last_ok_at is None or since < now - _FAILING:
            yield Found(source.mailbox_id, alarm_words.FAILING, since, f"source.{source.pk}", {"host": source.host})


def silent(now: datetime) -> Iterator[Found]:
    """Mailboxes that have had no mail for much longer than they ever had at this time of the week."""
    for silence in silences(now):
        hours = {"hours": _hours(silence.lasts), "usual": _hours(silence.usual) or 1}
        yield Found(silence.mailbox_id, alarm_words.SILENT, silence.since, detail=hours)


def differing(now: datetime) -> Iterator[Found]:
    """Servers that held mail at the last census that was not with us."""
    for census in Census.objects.filter(source__active=True, at__isnull=False).select_related("source"):
        folders = [FolderFigures.read(values) for values in census.folders]
        followed = set(census.source.cursors.values_list("pk", flat=True)) if folders else set()
        missing = sum(folder.missing for folder in folders if folder.cursor_id in followed)
        if missing:
            detail: dict[str, str | int] = {"host": census.source.host, "n": missing}
            about = f"source.{census.source_id}"
            yield Found(census.source.mailbox_id, alarm_words.COUNTS_DIFFER, census.at or now, about, detail)


def quarantined(now: datetime) -> Iterator[Found]:  # noqa: ARG001  (as all of them)
    """Mail that could not be understood and that nobody has looked at."""
    for mailbox_id in Mailbox.objects.order_by("pk").values_list("pk", flat=True):
        # One mailbox at a time: the index begins with it.
        rows = IncomingMail.objects.filter(mailbox=mailbox_id, state=QUARANTINED).order_by("pk")
        waiting = list(rows.values_list("received_at", flat=True)[:_MOST])
        if waiting:
            yield Found(mailbox_id, alarm_words.QUARANTINE, waiting[0], detail={"n": len(waiting)})


def waiting_replies(now: datetime) -> Iterator[Found]:
    """Replies that have not left: refused, uncertain, or tried for hours."""
    kinds = {
        "refused": alarm_words.REFUSED,
        "uncertain": alarm_words.UNCERTAIN,
        "deferred": alarm_words.DEFERRED,
    }
    for one in stuck(now=now):
        yield Found(one.mailbox_id, kinds[one.delivery], one.since, detail={"n": one.n})


def ending(now: datetime) -> Iterator[Found]:
    """Leave that a provider took back, and secrets and certificates that end soon."""
    for grant in OAuthGrant.objects.select_related("client").filter(withdrawn_at__isnull=False):
        detail = {"name": grant.client.name, "account": grant.username}
        yield Found(grant.mailbox_id, alarm_words.SIGN_IN_OVER, grant.withdrawn_at or now, f"grant.{grant.pk}", detail)
    soon = (now + _ENDS_SOON).date()
    for client in OAuthClient.objects.filter(secret_expires_on__lte=soon):
        day = client.secret_expires_on.isoformat() if client.secret_expires_on else ""
        for mailbox_id in sorted(set(client.grants.values_list("mailbox_id", flat=True))):
            about, detail = f"client.{client.pk}", {"name": client.name, "day": day}
            yield Found(mailbox_id, alarm_words.SECRET_ENDS, now, about, detail)
    for key in MailKey.objects.filter(role=OWN, not_after__lte=now + _ENDS_SOON):
        day = key.not_after.date().isoformat() if key.not_after else ""
        detail = {"name": key.name or key.address, "day": day}
        yield Found(key.mailbox_id, alarm_words.CERTIFICATE_ENDS, now, f"key.{key.pk}", detail)


def letters(now: datetime) -> Iterator[Found]:
    """Postroom's own letters that came back, were given up or wait for long; told at the mailbox that sends them."""
    unsent = letters_in_trouble(now=now)
    mailbox = sending_mailbox() or Mailbox.objects.order_by("pk").first() if unsent else None
    if mailbox is not None:
        since = min(letter.created_at for letter in unsent)
        yield Found(mailbox.pk, alarm_words.LETTERS, since, detail={"n": len(unsent)})


def _hours(lasts: timedelta) -> int:
    return int(lasts.total_seconds() // 3600)


WATCHES: list[Callable[[datetime], Iterable[Found]]] = [
    failing,
    silent,
    differing,
    quarantined,
    waiting_replies,
    ending,
    letters,
]
