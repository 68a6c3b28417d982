"""The folders of the sidebar: which conversations each holds, and how many."""
# ruff: noqa: SLF001  (a model's own _meta, which Django documents)

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q, QuerySet

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import (
    CLOSED,
    OPEN,
    PENDING,
    SNOOZED,
    SPAM,
    STATUSES,
    TRASH,
    Conversation,
    FolderCount,
    Following,
    Mention,
    Message,
    NamedPerson,
    ReadMark,
)
from postroom.lib import clock
from postroom.lib.statements import run

MINE = "mine"
UNASSIGNED = "unassigned"
EVERYONE = "open"
TEAM = "team"
NAMES = (MINE, UNASSIGNED, EVERYONE, PENDING, SNOOZED, CLOSED, SPAM, TRASH)
# One's own, in whatever mailbox and state but spam and trash; each counts what is new in it.
MENTIONS = "mentions"
FOLLOWING = "following"
PERSONAL = (MENTIONS, FOLLOWING)
_USUAL = tuple(status for status in STATUSES if status not in (SPAM, TRASH))


@dataclass(frozen=True)
class Folder:
    """One list: `name` is one of NAMES, or TEAM with `team_id`; in one mailbox, or in all that the person sees.

    One of PERSONAL is in all of them.
    """

    name: str
    mailbox_id: int | None = None
    team_id: int | None = None

    @property
    def status(self) -> str:
        """The status that all of them have; "" when they may have several."""
        if self.name in PERSONAL:
            return ""
        return self.name if self.name in (PENDING, SNOOZED, CLOSED, SPAM, TRASH) else OPEN


def conversations_in(folder: Folder, *, user: User) -> QuerySet[Conversation]:
    """Return the folder's conversations that this person may see, in no order."""
    rows = Conversation.objects.visible_to(user)
    if folder.name in PERSONAL:
        return rows.filter(_OWN[folder.name](user), status__in=_USUAL)
    rows = rows.filter(status=folder.status)
    if folder.mailbox_id is not None:
        rows = rows.filter(mailbox_id=folder.mailbox_id)
    if folder.name == MINE:
        return rows.filter(assignee=user)
    if folder.name == UNASSIGNED:
        return rows.filter(assignee=None, team=None)
    if folder.name == TEAM:
        return rows.filter(team_id=folder.team_id or 0)
    return rows


_OWN = {
    MENTIONS: lambda user: Q(
        pk__in=Mention.objects.filter(user=user, message__retracted_at=None).values("message__conversation")
    ),
    FOLLOWING: lambda user: Q(pk__in=Following.objects.filter(user=user).values("conversation")),
}


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
# What is new in one's own folders, in the same statement: among the newest of them, so that somebody who was named ten
# thousand times does not wait for it. The rule of filters.py, but for a broken glass, as above.
_NEW_IN = """
UNION ALL
SELECT 0, '{folder}', 0, COUNT(DISTINCT c.id)
FROM {newest} AS one JOIN {conversations} AS c ON c.id = one.conversation_id
WHERE c.status NOT IN ('spam', 'trash', 'merged')
    AND c.mailbox_id IN (SELECT mailbox_id FROM {members} WHERE user_id = %s)
    AND (c.sensitive_since IS NULL
        OR EXISTS (SELECT 1 FROM {named} AS n WHERE n.conversation_id = c.id AND n.user_id = %s AND n.until IS NULL))
    AND NOT EXISTS (SELECT 1 FROM {marks} AS r
        WHERE r.conversation_id = c.id AND r.user_id = %s AND r.message_id >= {read_to})
HAVING COUNT(DISTINCT c.id) > 0
"""
_TABLES = {
    "conversations": Conversation._meta.db_table,
    "members": Membership._meta.db_table,
    "named": NamedPerson._meta.db_table,
    "marks": ReadMark._meta.db_table,
}
_NEWEST_MENTIONS = f"""(
    SELECT m.id, m.conversation_id
    FROM (SELECT message_id FROM {Mention._meta.db_table} WHERE user_id = %s ORDER BY message_id DESC LIMIT 200) AS said
    JOIN {Message._meta.db_table} AS m ON m.id = said.message_id WHERE m.retracted_at IS NULL)"""  # noqa: S608
_NEWEST_FOLLOWED = f"""(
    SELECT conversation_id FROM {Following._meta.db_table} WHERE user_id = %s ORDER BY id DESC LIMIT 200)"""  # noqa: S608
_COUNTS += _NEW_IN.format(folder=MENTIONS, newest=_NEWEST_MENTIONS, read_to="one.id", **_TABLES)
_COUNTS += _NEW_IN.format(
    folder=FOLLOWING, newest=_NEWEST_FOLLOWED, read_to="COALESCE(c.last_message_id, 0)", **_TABLES
)


def folder_counts(user: User) -> Counts:
    """Return the counts of every folder this person sees, from the rows that the triggers keep: one query, any size."""
    counts = Counts()
    if not user.is_active:
        return counts
    now = connection.ops.adapt_datetimefield_value(clock.now())
    for mailbox_id, status, owner, n in run(_COUNTS, [user.pk, user.pk, now, *[user.pk] * 9]):
        counts.add(mailbox_id, status, n)
        if status == OPEN and owner == user.pk:
            counts.add(mailbox_id, MINE, n)
        elif status == OPEN and owner == 0:
            counts.add(mailbox_id, UNASSIGNED, n)
        elif status == OPEN and owner < 0:
            counts.teams[-owner] = counts.teams.get(-owner, 0) + n
    return counts
