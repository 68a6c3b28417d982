"""The lists of the sidebar: how a folder is called, and where it lives."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.conversations import folders
from postroom.core.conversations.condition import read
from postroom.core.conversations.folders import Folder
from postroom.core.conversations.lists import Listing
from postroom.core.conversations.models import CLOSED, MERGED, PENDING, SNOOZED, SPAM, TRASH, View
from postroom.core.conversations.selections import NEWEST, RANK, SORTS, Selection
from postroom.core.conversations.views import selection_of, views_of
from postroom.faces.web.naming_pages import address
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
    folders.MENTIONS: Look(
        _("Mentions"),
        "at-sign",
        _("Nobody has named you yet"),
        _("Conversations in whose notes a colleague names you."),
    ),
    folders.FOLLOWING: Look(
        _("Following"), "eye", _("You follow nothing"), _("Conversations of others of which you want to hear (w).")
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
VIEW_LOOK = Look("", "folder", _("Nothing is here now"), _("Every conversation that fits this view is listed here."))
SEARCH_LOOK = Look(
    _("Search"),
    "search",
    _("Nothing matches"),
    _("Fewer words find more. Spam and trash are looked through with is:spam, is:trash or is:any."),
)
TEAM_LOOK = Look("", "users", _("The team has nothing to do"), _("What is given to this team is listed here."))


@dataclass(frozen=True)
class Place:
    """One list that a person may open.

    `key` names it in addresses: "mine", "3.open" (a mailbox), "team.2", "view.5", "find.rank.aW52b2ljZQ" (a search).
    """

    folder: Listing
    title: str
    within: str
    look: Look
    view_id: int | None = None
    # What was typed into the search box; None for every other list.
    typed: str | None = None
    # Codes of what each line shows beside the usual, and how close the lines are ("" as the reader likes it).
    columns: tuple[str, ...] = ()
    density: str = ""

    @property
    def key(self) -> str:
        if self.view_id is not None:
            return f"view.{self.view_id}"
        if self.typed is not None:
            return f"find.{self.sort}.{urlsafe_b64encode(self.typed.encode()).decode().rstrip('=')}"
        assert isinstance(self.folder, Folder)
        if self.folder.team_id is not None:
            return f"team.{self.folder.team_id}"
        return self.folder.name if self.folder.mailbox_id is None else f"{self.folder.mailbox_id}.{self.folder.name}"

    @property
    def sort(self) -> str:
        """The order of a view or a search; "" for a folder."""
        return self.folder.sort if isinstance(self.folder, Selection) else ""

    @property
    def empty_title(self) -> str:
        """What is said when nothing is here; to somebody who has done all that was theirs, another line each day."""
        if isinstance(self.folder, Folder) and self.folder.name == folders.MINE:
            return str(GOOD_LINES[timezone.localdate(clock.now()).toordinal() % len(GOOD_LINES)])
        return str(self.look.empty_title)

    @property
    def url(self) -> str:
        return self._url("")

    @property
    def rows_url(self) -> str:
        return self._url("-rows")

    def more_url(self, page: str) -> str:
        """Return where the next rows are."""
        return f"{self.rows_url}{'&' if '?' in self.rows_url else '?'}before={quote(page)}"

    def _url(self, rows: str) -> str:
        if self.view_id is not None:
            return address(f"view{rows}", self.view_id)
        if self.typed is not None:
            return f"{address(f'search{rows}')}?{urlencode({'q': self.typed, 'sort': self.sort})}"
        assert isinstance(self.folder, Folder)
        if self.folder.mailbox_id is not None and self.folder.team_id is None:
            return address(f"mailbox-folder{rows}", self.folder.mailbox_id, self.folder.name)
        return address(f"folder{rows}", self.key)


def place(user: User, *, key: str) -> Place | None:
    """Return the list of this key, as far as this person may open it; None for anything else."""
    first, dot, second = key.partition(".")
    if not dot:
        return _folder(first)
    if first == "view":
        view = _numbered(second) and views_of(user).filter(pk=_numbered(second)).first()
        return view_place(view) if view else None
    if first == "find":
        return _search(second)
    if first == "team":
        team = _numbered(second) and Team.objects.filter(pk=_numbered(second), members=user).first()
        return team_place(team) if team else None
    mailbox = _numbered(first) and Mailbox.objects.filter(pk=_numbered(first), members=user).first()
    return mailbox_place(mailbox, name=second) if mailbox and second in folders.NAMES else None


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


def mailbox_places(mailbox: Mailbox) -> tuple[Place, ...]:
    """Return all folders of one mailbox, in the order of NAMES."""
    return _places_of(mailbox.pk, mailbox.name, get_language() or "")


# Sixty on each page, and always the same ones.
@lru_cache(maxsize=2000)
def _places_of(mailbox_id: int, called: str, language: str) -> tuple[Place, ...]:  # noqa: ARG001  (a key of the cache)
    return tuple(
        Place(Folder(name, mailbox_id=mailbox_id), title=str(LOOKS[name].title), within=called, look=LOOKS[name])
        for name in folders.NAMES
    )


def team_place(team: Team) -> Place:
    """Return the list of what a team has."""
    return Place(Folder(folders.TEAM, team_id=team.pk), title=team.name, within="", look=TEAM_LOOK)


def view_place(view: View) -> Place:
    """Return the list of a saved view."""
    columns = tuple(code for code in view.columns if isinstance(code, str))
    look = VIEW_LOOK
    return Place(selection_of(view), view.name, "", look, view_id=view.pk, columns=columns, density=view.density)


def search_place(typed: str, *, sort: str = RANK) -> Place:
    """Return the list of what a search finds; what was not understood is left out of it."""
    selection = Selection(read(typed).condition, sort if sort in SORTS else NEWEST)
    return Place(selection, str(SEARCH_LOOK.title), "", SEARCH_LOOK, typed=typed)


def _search(key: str) -> Place | None:
    sort, _dot, text = key.partition(".")
    try:
        typed = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (ValueError, UnicodeError):
        return None
    return search_place(typed, sort=sort) if sort in SORTS else None


def _folder(name: str) -> Place | None:
    return _folder_of(name, get_language() or "")


@lru_cache(maxsize=1000)
def _folder_of(name: str, language: str) -> Place | None:  # noqa: ARG001  (a key of the cache)
    look = LOOKS.get(name)
    return Place(Folder(name), title=str(look.title), within="", look=look) if look else None


def _numbered(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
