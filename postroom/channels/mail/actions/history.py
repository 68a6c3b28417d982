"""Bring history into a mailbox: name it, look at what was found, let it in, pause, go on or drop it."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from postroom.channels.mail.models.history import (
    ACCOUNT,
    COUNTING,
    DONE,
    FAILED,
    PAUSED,
    READY,
    RUNNING,
    History,
)
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, User
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import HistoryBrought
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.sealing import seal


def bring_file(mailbox: Mailbox, *, kind: str, path: Path, name: str, ours: bool = False, by: Actor) -> History:
    """Begin with a file or folder on this machine; it is counted first. `ours`: it goes when all of it is in."""
    history = History(mailbox=mailbox, kind=kind, path=str(path), name=name[:300], ours=ours)
    return _begin(history, by=by)


def bring_account(mailbox: Mailbox, *, server: ServerSettings, by: Actor) -> History:
    """Begin with an IMAP account; its password is sealed, and forgotten when all is in."""
    history = History(
        mailbox=mailbox,
        kind=ACCOUNT,
        name=account_name(server),
        host=server.host,
        port=server.port,
        security=server.security,
        username=server.username,
        sealed_password=seal(server.password, key=settings.POSTROOM_KEY),
    )
    return _begin(history, by=by)


def account_name(server: ServerSettings) -> str:
    """Return what people call an account."""
    return f"{server.username} · {server.host}"[:300]


def unfinished(mailbox: Mailbox, *, name: str = "", path: Path | None = None) -> History | None:
    """Return the history of this file or account that is not all in yet, to go on with it."""
    rows = History.objects.filter(mailbox=mailbox).exclude(state=DONE)
    mine = rows.filter(path=str(path)) if path else rows.filter(kind=ACCOUNT, name=name)
    return mine.order_by("-pk").first()


def give_password(history: History, password: str) -> None:
    """Use this password from now on."""
    sealed = seal(password, key=settings.POSTROOM_KEY)
    History.objects.filter(pk=history.pk).exclude(state=DONE).update(sealed_password=sealed)


def let_in(history: History, *, awake: bool = False, by: Actor) -> bool:
    """Take in what was counted; `awake` as if it came today. False when that is under way or done."""
    with transaction.atomic():
        rows = History.objects.filter(pk=history.pk, state=READY)
        if not rows.update(state=RUNNING, awake=awake, place="", trouble=""):
            return False
        record(HistoryBrought(archive=history.name), by=by, mailbox_id=history.mailbox_id)
    return True


def pause(history: History) -> bool:
    """Stop for now; what is in stays."""
    return bool(History.objects.filter(pk=history.pk, state=RUNNING).update(state=PAUSED))


def go_on(history: History) -> bool:
    """Go on where it was paused or where it failed."""
    counted = History.objects.filter(pk=history.pk, state=FAILED, taken=0, known=0, place="")
    if counted.update(state=COUNTING, trouble="", found=0, samples=[], passed_over=0):
        return True
    rows = History.objects.filter(pk=history.pk, state__in=(PAUSED, FAILED))
    return bool(rows.update(state=RUNNING, trouble=""))


def drop(history: History) -> bool:
    """Forget it; the mails that are in stay. False while it is being taken in."""
    rows = History.objects.filter(pk=history.pk).exclude(state=RUNNING)
    if not rows.delete()[0]:
        return False
    if history.ours and history.state != DONE:
        Path(history.path).unlink(missing_ok=True)
    return True


def _begin(history: History, *, by: Actor) -> History:
    history.created_at = clock.now()
    history.asked_by = by if isinstance(by, User) else None
    history.save(force_insert=True)
    return history
