"""All keys: the one table that the list behind `?`, the command palette and the handler (js/keys.js) read.

The handler reads it from the list in the page, so that what is shown is what works.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SHOWN = {"Escape": "Esc"}


@dataclass(frozen=True)
class Key:
    """One thing to do: `keys` are alternatives as the browser names them; "g m" is one after the other.

    `act` is what js/keys.js does: a name of its own (`next`), or `verb`, `last` (of the newest message that has it),
    `menu`, `compose`, `go`, `focus` with a name; of several names the first that is on the page counts. Empty where
    another part of the page listens. With an icon the palette offers it, too.
    """

    keys: tuple[str, ...]
    word: str | Promise
    act: str = ""
    icon: str = ""

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """The keys to press, as they are written on a keyboard: for each alternative, one after the other."""
        return tuple(_caps(key) for key in self.keys)


def _caps(key: str) -> tuple[str, ...]:
    if key.isalpha() and len(key) == 1 and key.isupper():
        return ("Shift", key)
    return tuple(_SHOWN.get(cap, cap) for part in key.split(" ") for cap in part.split("+"))


KEYS: tuple[tuple[str | Promise, tuple[Key, ...]], ...] = (
    (
        _("Go"),
        (
            Key(("j",), _("Next"), "next"),
            Key(("k",), _("Previous"), "previous"),
            Key(("Enter",), _("Open"), "open"),
            Key(("u", "Escape"), _("Back"), "back"),
            Key(("/",), _("Search"), "search", "search"),
            Key(("Ctrl+K",), _("Do or find anything"), "palette"),
            Key(("g m",), _("Mine"), "go mine"),
            Key(("g u",), _("Unassigned"), "go unassigned"),
            Key(("g i", "g o"), _("Everyone’s"), "go open"),
            Key(("g a",), _("Mentions"), "go mentions"),
            Key(("g f",), _("Following"), "go following"),
            Key(("g p",), _("Pending"), "go pending"),
            Key(("g z",), _("Snoozed"), "go snoozed"),
            Key(("g c",), _("Closed"), "go closed"),
            Key(("g s",), _("Spam"), "go spam"),
            Key(("g t",), _("Trash"), "go trash"),
            Key(("g n",), _("For you"), "news"),
        ),
    ),
    (
        _("Write"),
        (
            Key(("r",), _("Reply"), "compose reply", "reply"),
            Key(("a",), _("Reply to all"), "compose reply-all", "reply-all"),
            Key(("f",), _("Forward"), "verb forward-post", "forward"),
            Key(("n",), _("Note"), "compose note", "sticky-note"),
            Key(("o",), _("Change your last note"), "last note-edit", "pencil"),
            Key(("O",), _("Take your last note back"), "last note-delete", "undo-2"),
            Key(("c",), _("New conversation"), "verb begin-post", "square-pen"),
            Key(("Ctrl+Enter",), _("Send")),
            Key(("Ctrl+Shift+Enter",), _("Send and close")),
            Key(("Ctrl+Alt+Enter",), _("Send later")),
            Key(("Ctrl+Shift+D",), _("Discard the draft")),
            Key(("z",), _("Undo"), "undo", "rotate-ccw"),
        ),
    ),
    (
        _("Do"),
        (
            Key(("e",), _("Close, and open the next"), "verb closure-post", "check"),
            Key(
                ("E",),
                _("Reopen, or restore"),
                "verb closure-delete pending-delete snooze-delete trash-delete spam-delete",
                "rotate-ccw",
            ),
            Key(("s",), _("Snooze"), "verb snooze-post", "alarm-clock"),
            Key(("h",), _("Pending"), "verb pending-post", "hourglass"),
            Key(("m",), _("Take it"), "verb take", "hand"),
            Key(("i",), _("Give it to somebody"), "menu owner-menu", "user-plus"),
            Key(("t",), _("Add a tag"), "focus tag-name", "tag"),
            Key(("p",), _("Priority"), "menu priority-menu", "flag"),
            Key(("w",), _("Follow, or stop following"), "verb follow-post follow-delete", "eye"),
            Key(("U",), _("Mark as unread"), "verb unread", "mail"),
            Key(("x",), _("Select"), "select"),
            # These two are listened for in js/bulk.js.
            Key(("X",), _("Select all from the last one on")),
            Key(("*",), _("Select all shown here")),
            Key(("!",), _("Spam, or not spam"), "verb spam-post spam-delete", "ban"),
            Key(("#",), _("Move to the trash"), "verb trash-post", "trash-2"),
        ),
    ),
    (
        _("Put in order"),
        (
            Key(("v",), _("Move to another mailbox"), "verb move-post", "mailbox"),
            Key(("y",), _("Merge with another conversation"), "verb merge-post", "link"),
            Key(("l",), _("Link another conversation"), "verb link-post", "link"),
            Key(("d",), _("Split a message out"), "verb split-post", "unlink"),
            Key(("b",), _("Belongs to another customer"), "verb contact-post", "user-check"),
            Key(("q",), _("Mark as sensitive"), "verb sensitivity", "eye-off"),
            Key((".",), _("More to do"), "menu more-menu", "ellipsis"),
            Key(("?",), _("All keys"), "help", "keyboard"),
        ),
    ),
)
