"""The folders of the sidebar: which conversations each holds, and how many."""
# ruff: noqa: SLF001  (a model's own _meta, which Django documents)

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import (
    CLOSED,
    OPEN,
    PENDING,
    SNOOZED,
    SPAM,
    TRASH,
    Conversation,
    FolderCount,
    NamedPerson,
)
from postroom.lib import clock
from postroom.lib.statements import run

MINE = "mine"
UNASSIGNED = "unassigned"
EVERYONE = "open"
TEAM = "team"
NAMES = (MINE, UNASSIGNED, EVERYONE, PENDING, SNOOZED, CLOSED, SPAM, TRASH)


@dataclass(frozen=True)
class Folder:
    """One list: `name` is one of NAMES, or TEAM with `team_id`; in one mailbox, or in all that the person sees."""

    name: str
    mailbox_id: int | None = None
    team_id: int | None = None

    @property
    def status(self) -> str:
        return self.name if self.name in (PENDING, SNOOZED, CLOSED, SPAM, TRASH) else OPEN


def conversations_in(folder: Folder, *, user: User) -> QuerySet[Conversation]:
    """Return the folder's conversations that this person may see, in no order."""
    rows = Conversation.objects.visible_to(user).filter(status=folder.status)
    if folder.mailbox_id is not None:
        rows = rows.filter(mailbox_id=folder.mailbox_id)
    if folder.name == MINE:
        return rows.filter(assignee=user)
    if folder.name == UNASSIGNED:
        return rows.filter(assignee=None, team=None)
    if folder.name == TEAM:
        return rows.filter(team_id=folder.team_id or 0)
    return rows


@dataclass
class Counts:
    """How many conversations each folder holds for one person: (mailbox id or None for all, folder name) -> n."""

    folders: dict[tuple[int | None, str], int] = field(default_factory=dict)
    teams: dict[int, int] = field(default_factory=dict)

    def of(self, name: str, mailbox_id: int | None = None) -> int:
        """Return the number for a folder; 0 for an empty one."""
        return self.folders.get((mailbox_id, name), 0)

    def add(self, mailbox_id: int, name: str, n: int) -> None:
        for key in ((mailbox_id, name), (None, name)):
            self.folders[key] = self.folders.get(key, 0) + n


# What the triggers keep, and what they leave out: the few conversations in which this person is named. One that is seen
# by a broken glass is in no list of somebody who is not on its mailbox. Made by the ORM it cost four times as much.
_COUNTS = f"""
SELECT mailbox_id, status, owner, n FROM {FolderCount._meta.db_table}
WHERE n > 0 AND mailbox_id IN (SELECT mailbox_id FROM {Membership._meta.db_table} WHERE user_id = %s)
UNION ALL
SELECT c.mailbox_id, c.status, COALESCE(c.assignee_id, -c.team_id, 0), COUNT(*)
FROM {NamedPerson._meta.db_table} AS n JOIN {Conversation._meta.db_table} AS c ON c.id = n.conversation_id
WHERE n.user_id = %s AND (n.until IS NULL OR n.until > %s) AND c.sensitive_since IS NOT NULL
    AND c.mailbox_id IN (SELECT mailbox_id FROM {Membership._meta.db_table} WHERE user_id = %s)
GROUP BY c.mailbox_id, c.status, COALESCE(c.assignee_id, -c.team_id, 0)
"""  # noqa: S608  (every name comes from a model's own _meta; values are parameters)


def folder_counts(user: User) -> Counts:
    """Return the counts of every folder this person sees, from the rows that the triggers keep: one query, any size."""
    counts = Counts()
    if not user.is_active:
        return counts
    now = connection.ops.adapt_datetimefield_value(clock.now())
    for mailbox_id, status, owner, n in run(_COUNTS, [user.pk, user.pk, now, user.pk]):
        counts.add(mailbox_id, status, n)
        if status == OPEN and owner == user.pk:
            counts.add(mailbox_id, MINE, n)
        elif status == OPEN and owner == 0:
            counts.add(mailbox_id, UNASSIGNED, n)
        elif status == OPEN and owner < 0:
            counts.teams[-owner] = counts.teams.get(-owner, 0) + n
    return counts
