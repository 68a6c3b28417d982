"""The lists of the sidebar: how a folder is called, and where it lives."""

from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.conversations import folders
from postroom.core.conversations.folders import Folder
from postroom.core.conversations.models import CLOSED, MERGED, PENDING, SNOOZED, SPAM, TRASH
from postroom.lib import clock


class Look(NamedTuple):
    """A folder's name for people, its icon, and what is said when it is empty."""

    title: str | Promise
    icon: str
    empty_title: str | Promise
    empty: str | Promise


LOOKS = {
    folders.MINE: Look(
        _("Mine"),
        "user",
        "",
        _("What you take, or are given, is kept here until it is closed."),
    ),
    folders.UNASSIGNED: Look(
        _("Unassigned"), "inbox", _("Every conversation has an owner"), _("New mail arrives here, free to take.")
    ),
    folders.EVERYONE: Look(
        _("Everyone’s"), "users", _("Nothing is open"), _("Everything the team still has to answer is listed here.")
    ),
    PENDING: Look(
        _("Pending"), "hourglass", _("Nobody keeps us waiting"), _("Conversations in which somebody else acts first.")
    ),
    SNOOZED: Look(
        _("Snoozed"), "alarm-clock", _("Nothing is snoozed"), _("What comes back later, by itself, is listed here.")
    ),
    CLOSED: Look(_("Closed"), "circle-check", _("Nothing is closed yet"), _("Finished conversations come here.")),
    SPAM: Look(_("Spam"), "ban", _("No spam"), _("What is marked as junk is kept here, and never deleted by itself.")),
    TRASH: Look(_("Trash"), "trash-2", _("The trash is empty"), _("What is thrown away can be restored from here.")),
}
# "Inbox zero" deserves one good line.
GOOD_LINES = (
    _("Every pigeonhole is empty."),
    _("All answered. The kettle is the next stop."),
    _("The last stamp has dried."),
    _("Nobody waits. That is rarer than it sounds."),
    _("The post has been, and gone where it should."),
    _("Nothing left to open but the window."),
    _("A quiet desk is a good answer, too."),
)
TEAM_LOOK = Look("", "users", _("The team has nothing to do"), _("What is given to this team is listed here."))


@dataclass(frozen=True)
class Place:
    """One list that a person may open. `key` names it in addresses: "mine", "3.open" (a mailbox), "team.2"."""

    folder: Folder
    title: str
    within: str
    look: Look

    @property
    def key(self) -> str:
        if self.folder.team_id is not None:
            return f"team.{self.folder.team_id}"
        return self.folder.name if self.folder.mailbox_id is None else f"{self.folder.mailbox_id}.{self.folder.name}"

    @property
    def empty_title(self) -> str:
        """What is said when nothing is here; to somebody who has done all that was theirs, another line each day."""
        if self.folder.name == folders.MINE:
            return str(GOOD_LINES[timezone.localdate(clock.now()).toordinal() % len(GOOD_LINES)])
        return str(self.look.empty_title)

    @property
    def url(self) -> str:
        return (
            reverse("folder", args=self._address)
            if len(self._address) == 1
            else reverse("mailbox-folder", args=self._address)
        )

    @property
    def rows_url(self) -> str:
        name = "folder-rows" if len(self._address) == 1 else "mailbox-folder-rows"
        return reverse(name, args=self._address)

    @property
    def _address(self) -> tuple[str | int, ...]:
        if self.folder.team_id is not None:
            return (self.key,)
        return (self.folder.name,) if self.folder.mailbox_id is None else (self.folder.mailbox_id, self.folder.name)


def place(user: User, *, key: str) -> Place | None:
    """Return the list of this key, as far as this person may open it; None for anything else."""
    first, dot, second = key.partition(".")
    if not dot:
        return _folder(first)
    if first == "team":
        team = _numbered(second) and Team.objects.filter(pk=_numbered(second), members=user).first()
        return team_place(team) if team else None
    mailbox = _numbered(first) and Mailbox.objects.filter(pk=_numbered(first), members=user).first()
    return mailbox_place(mailbox, name=second) if mailbox and second in LOOKS else None


def default_place(*, status: str, mine: bool) -> Place:
    """Return the list in which a conversation is found when its address names none."""
    # One whose messages went to another is in no list.
    listed = folders.EVERYONE if status == MERGED else status
    found = _folder(folders.MINE if mine and status == "open" else listed)
    assert found is not None
    return found


def mailbox_place(mailbox: Mailbox, *, name: str) -> Place:
    """Return one folder of one mailbox."""
    look = LOOKS[name]
    return Place(Folder(name, mailbox_id=mailbox.pk), title=str(look.title), within=mailbox.name, look=look)


def team_place(team: Team) -> Place:
    """Return the list of what a team has."""
    return Place(Folder(folders.TEAM, team_id=team.pk), title=team.name, within="", look=TEAM_LOOK)


def _folder(name: str) -> Place | None:
    look = LOOKS.get(name)
    return Place(Folder(name), title=str(look.title), within="", look=look) if look else None


def _numbered(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
