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
from postroom.channels.mail.noted import note_mailbox
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, User
from postroom.core.audit.differences import Told
from postroom.core.events.actor import SYSTEM, Actor
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
        told: dict[str, Told] = {"archive": history.name, "found": history.found, "as_if_today": awake}
        note_mailbox("history.imported", history.mailbox, by=by, after=told)
        record(HistoryBrought(archive=history.name), by=by, mailbox_id=history.mailbox_id)
    return True


def pause(history: History, *, by: Actor = SYSTEM) -> bool:
    """Stop for now; what is in stays."""
    with transaction.atomic():
        if not History.objects.filter(pk=history.pk, state=RUNNING).update(state=PAUSED):
            return False
        _note("history.paused", history, by=by)
    return True


def go_on(history: History, *, by: Actor = SYSTEM) -> bool:
    """Go on where it was paused or where it failed."""
    with transaction.atomic():
        counted = History.objects.filter(pk=history.pk, state=FAILED, taken=0, known=0, place="")
        stopped = History.objects.filter(pk=history.pk, state__in=(PAUSED, FAILED))
        begun = counted.update(state=COUNTING, trouble="", found=0, samples=[], passed_over=0)
        if not (begun or stopped.update(state=RUNNING, trouble="")):
            return False
        _note("history.gone_on", history, by=by)
    return True


def drop(history: History, *, by: Actor = SYSTEM) -> bool:
    """Forget it; the mails that are in stay. False while it is being taken in."""
    with transaction.atomic():
        rows = History.objects.filter(pk=history.pk).exclude(state=RUNNING)
        if not rows.delete()[0]:
            return False
        _note("history.dropped", history, by=by)
    if history.ours and history.state != DONE:
        Path(history.path).unlink(missing_ok=True)
    return True


def _note(action: str, history: History, *, by: Actor) -> None:
    note_mailbox(action, history.mailbox, by=by, after={"archive": history.name})


def _begin(history: History, *, by: Actor) -> History:
    history.created_at = clock.now()
    history.asked_by = by if isinstance(by, User) else None
    with transaction.atomic():
        history.save(force_insert=True)
        note_mailbox("history.brought", history.mailbox, by=by, after={"archive": history.name, "kind": history.kind})
    return history
