"""The audit entries of what is changed about a mailbox's mail, each in the verb's own transaction."""

from collections.abc import Mapping

from postroom.channels.mail.fetching_rules import rules_of
from postroom.channels.mail.models import IncomingMail, Route, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox
from postroom.core.audit.differences import CHANGED, Told, differences
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor


def note_mailbox(
    action: str,
    mailbox: Mailbox,
    *,
    by: Actor,
    before: Mapping[str, Told] | None = None,
    after: Mapping[str, Told] | None = None,
    about: str = "",
) -> None:
    """Write what was changed of this mailbox; `about` is the name of what, when it is not the mailbox itself."""
    was, now = differences(before or {}, after or {})
    write(
        action,
        by=by,
        subject=f"mailbox:{mailbox.pk}",
        subject_name=about or mailbox.address,
        mailbox_id=mailbox.pk,
        before=was,
        after=now,
    )


def note_mail(action: str, mail: IncomingMail, *, by: Actor, conversation_id: int | None = None) -> None:
    """Write what was done with a mail of the ledger; nothing of what it says."""
    write(
        action,
        by=by,
        subject=f"mail:{mail.pk}",
        mailbox_id=mail.mailbox_id,
        conversation_id=conversation_id or mail.conversation_id,
    )


def source_told(source: Source, *, server: ServerSettings | None = None) -> dict[str, Told]:
    """Return what an account is fetched from and how; a password that was typed just now only as changed."""
    rules = rules_of(source)
    return {
        **_server(source),
        "folder": source.folder,
        "folders": [source.folder, *rules.more_folders],
        "protocol": rules.kind,
        "reads_sent": rules.reads_sent,
        "marks_seen": rules.marks_seen,
        "when_closed": rules.when_closed,
        "when_spam": rules.when_spam,
        "keep_days": rules.keep_days,
        "active": source.active,
        **({"password": CHANGED} if server and server.password else {}),
    }


def route_told(route: Route, *, server: ServerSettings | None = None) -> dict[str, Told]:
    """Return the server that replies leave by; a password that was typed just now only as changed."""
    return {**_server(route), "way": route.kind, **({"password": CHANGED} if server and server.password else {})}


def _server(way: Source | Route) -> dict[str, Told]:
    return {"host": way.host, "port": way.port, "security": way.security, "username": way.username}
