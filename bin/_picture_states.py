"""What a click, a key or a colleague brings about on a page, by name: where it begins and how it is reached.

A state changes the demo as little as it can, since others are taken after it: it looks and does not save.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

# Opens a window of somebody else, who is named by the beginning of the name.
Other = Callable[[str], Page]
Reach = Callable[[Page, Other], None]

AMINA = "Amina"
_PHOTOS = "/search?q=has:attachment+is:open"
_TALK = "/folders/open"
# What Amina and Joris both see.
_SHARED = "/search?q=mailbox:support+is:open"


@dataclass(frozen=True)
class State:
    """A page at `address` as `who` sees it (nobody who signed in: empty), `reach` to bring it into the state.

    `leave` puts back what would be in the way of the next one.
    """

    address: str
    reach: Reach | None = None
    who: str = AMINA
    leave: Callable[[Page], None] | None = None


def _then(*steps: Reach) -> Reach:
    def all_of_them(page: Page, other: Other) -> None:
        for step in steps:
            step(page, other)

    return all_of_them


def _open(number: int = 0) -> Reach:
    """Open the conversation on this line of the list."""

    def reach(page: Page, _other: Other) -> None:
        page.locator("#rows .line-link").nth(number).click()
        page.locator("#timeline .message").first.wait_for()
        # Letters' frames measure themselves, and pictures arrive.
        page.wait_for_timeout(1200)

    return reach


def _click(selector: str, *, number: int = 0) -> Reach:
    return lambda page, _other: page.locator(selector).nth(number).click()


def _pick(selector: str, *, first: str = "") -> Reach:
    """Press what lies in a menu or has no place on the screen, after opening what it lies in."""

    def reach(page: Page, _other: Other) -> None:
        if first:
            page.locator(first).first.click()
        page.locator(selector).first.evaluate("one => one.click()")
        page.wait_for_timeout(900)

    return reach


def _keys(*keys: str) -> Reach:
    def reach(page: Page, _other: Other) -> None:
        for key in keys:
            page.keyboard.press(key)

    return reach


def _type(selector: str, words: str) -> Reach:
    def reach(page: Page, _other: Other) -> None:
        page.locator(selector).first.click()
        page.keyboard.type(words)
        page.wait_for_timeout(900)

    return reach


def _asked(verb: str) -> Reach:
    """Ask for the question behind an entry of the menu of the conversation."""
    return _then(
        _open(),
        _pick(f'#more-menu [data-verb="{verb}"] button, #more-menu [data-verb="{verb}"]', first="#more-menu > summary"),
    )


def _drawer(page: Page, _other: Other) -> None:
    """Open the sidebar where it is a drawer."""
    if page.locator("[data-open-sidebar]").first.is_visible():
        page.locator("[data-open-sidebar]").first.click()
        page.wait_for_timeout(400)


def _select_three(page: Page, _other: Other) -> None:
    for number in range(3):
        page.locator("#rows .line-check").nth(number).evaluate("one => one.click()")
    page.locator("#bulk-bar form").wait_for()


def _joris_writes(page: Page, other: Other) -> None:
    beside = other("Joris")
    beside.goto(page.url)
    beside.locator("#timeline .message").first.wait_for()
    beside.keyboard.press("n")
    beside.keyboard.type("I have asked the workshop.")
    page.wait_for_timeout(1500)


def _joris_writes_in_the_list(page: Page, other: Other) -> None:
    beside = other("Joris")
    beside.goto(f"{page.url}")
    for number in (1, 3):
        beside.goto(page.url)
        beside.locator("#rows .line-link").nth(number).click()
        beside.locator("#timeline .message").first.wait_for()
    beside.keyboard.press("n")
    beside.keyboard.type("I have asked the workshop.")
    page.wait_for_timeout(1500)


def _overtaken(page: Page, other: Other) -> None:
    _clear_editor(page)
    _type("#composer [data-editor]", "Your bicycle is ready on Friday. Ring twice, the bell is quiet.")(page, other)
    beside = other("Joris")
    beside.goto(page.url)
    beside.locator("#timeline .message").first.wait_for()
    beside.locator("#composer [data-mode=reply]").click()
    beside.locator("#composer [data-editor]").click()
    beside.keyboard.type("We have sent the photograph on to the maker, and answer by Thursday.")
    beside.keyboard.press("Control+Enter")
    beside.locator("#composer[data-folded]").wait_for()
    page.locator("#composer [data-send]").evaluate("one => one.click()")
    page.locator("[data-moved]").wait_for()


def _draft_with_comments(page: Page, other: Other) -> None:
    beside = other("Joris")
    beside.goto(page.url)
    beside.locator("#timeline .message").first.wait_for()
    beside.locator("#composer [data-editor]").click()
    beside.keyboard.type(
        "Dear customer, the saddle you sent us back has arrived and we are looking at it this afternoon."
    )
    beside.wait_for_timeout(1500)
    if beside.locator("[data-share]").get_attribute("aria-pressed") != "true":
        beside.locator("[data-share]").click()
        beside.wait_for_timeout(1000)
    page.reload()
    page.locator("#drafts summary").first.click()
    page.locator("#drafts [name=text]").first.fill("Say which saddle: they bought two.")
    page.locator("#drafts .draft-say button").first.click()
    page.wait_for_timeout(1000)
    if not page.locator("#drafts details[open]").count():
        page.locator("#drafts summary").first.click()


def _offline(page: Page, _other: Other) -> None:
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.locator("#composer [data-editor]").click()
    page.keyboard.type("This is kept")
    page.wait_for_timeout(1500)


def _online(page: Page) -> None:
    page.context.set_offline(False)


def _close_and_take_back(page: Page, _other: Other) -> None:
    page.locator('[data-verb="closure-post"] button').first.click()
    page.locator(".toast").first.wait_for()


def _undo(page: Page) -> None:
    if page.locator("[data-undo-toast]").count():
        page.locator("[data-undo-toast]").last.evaluate("one => one.click()")
        page.wait_for_timeout(800)


def _clear_editor(page: Page) -> None:
    # A menu that is open may stand before the button.
    page.locator("#composer [data-editor]").focus()
    page.keyboard.press("Control+Shift+D")
    page.locator("#composer[data-folded]").wait_for()


def _whole_list(page: Page, other: Other) -> None:
    _select_three(page, other)
    page.locator("#bulk-count-menu > summary").click()
    page.locator("#bulk-bar [data-select-whole]").click()


def _sure(page: Page, other: Other) -> None:
    # Nothing is lost when all are unread once more; and only of many it asks.
    _whole_list(page, other)
    page.locator('#bulk-bar [data-bulk-verb="unread"]').first.evaluate("one => one.click()")
    page.locator("#bulk-sure form").wait_for()


def _progress(page: Page, other: Other) -> None:
    _sure(page, other)
    page.locator("#bulk-sure [type=submit]").click()
    page.locator(".bulk-job").wait_for()


STATES: dict[str, State] = {
    # conversations
    "conversation-photos": State(_PHOTOS, _open()),
    "conversation-long": State("/folders/closed", _open()),
    "conversation-spam": State("/folders/spam", _open()),
    "conversation-html": State("/search?q=from:lumen", _open()),
    "owner-menu": State(_TALK, _then(_open(), _click("#owner-menu > summary"))),
    "priority-menu": State(_TALK, _then(_open(), _click("#priority-menu > summary"))),
    "snooze-menu": State(_TALK, _then(_open(), _click("#snooze-menu > summary"))),
    "more-menu": State(_TALK, _then(_open(), _click("#more-menu > summary"))),
    "message-menu": State(_TALK, _then(_open(), _click("#timeline .message details.menu > summary"))),
    "panel": State(_TALK, _then(_open(), _pick("[data-toggle-panel]"))),
    "me-menu": State(_TALK, _then(_drawer, _click("#me > summary"))),
    # questions
    "merge": State(_TALK, _asked("merge-post")),
    "split": State(_TALK, _asked("split-post")),
    "move": State(_TALK, _asked("move-post")),
    "link": State(_TALK, _asked("link-post")),
    "another-customer": State(_TALK, _then(_open(), _pick('#panel [hx-get$="/contact"]'))),
    # many at once
    "bulk-bar": State(_TALK, _select_three),
    "bulk-count": State(_TALK, _then(_select_three, _click("#bulk-count-menu > summary"))),
    "bulk-snooze": State(_TALK, _then(_select_three, _click("#bulk-snooze-menu > summary"))),
    "bulk-whole": State("/folders/closed", _whole_list),
    "bulk-sure": State("/folders/closed", _sure),
    "bulk-progress": State("/folders/closed", _progress),
    # writing
    "composer": State(
        _TALK,
        _then(_open(), _type("#composer [data-editor]", "Good morning,\n\nthe wheel is true again.")),
        leave=_clear_editor,
    ),
    "composer-recipients": State(
        _TALK, _then(_open(), _click("#composer [data-editor]"), _click("#composer [data-fold]"))
    ),
    "composer-note": State(
        _TALK,
        _then(_open(), _pick("#composer [data-mode=note]"), _type("#composer [data-editor]", "Ask @Jo")),
        leave=_clear_editor,
    ),
    "composer-later": State(
        _TALK,
        _then(_open(), _type("#composer [data-editor]", "Good morning"), _click("#composer-later > summary")),
        leave=_clear_editor,
    ),
    "forward": State(_PHOTOS, _then(_open(), _pick("[data-forward-last]", first="#more-menu > summary"))),
    # together
    "presence-list": State(_SHARED, _joris_writes_in_the_list),
    "presence-conversation": State(_SHARED, _then(_open(2), _joris_writes)),
    "stale-reply": State(_SHARED, _then(_open(8), _overtaken), leave=_clear_editor),
    "shared-draft": State(_SHARED, _then(_open(5), _draft_with_comments)),
    # finding
    "palette": State(_TALK, _then(_keys("Control+k"))),
    "palette-words": State(
        _TALK,
        _then(
            _open(),
            _keys("Control+k"),
            lambda page, _other: page.keyboard.type("sn"),
            lambda page, _other: page.wait_for_timeout(900),
        ),
    ),
    "keys": State(_TALK, _pick("#me [data-open-keys]")),
    "search-help": State("/search"),
    "search-completion": State(_TALK, _type("#search-field", "photo ta")),
    "search-highlights": State("/search?q=photo"),
    "search-wrong": State("/search?q=is:opne+photo"),
    "search-nothing": State("/search?q=qqqqqqqq"),
    "view-new": State("/views/new?q=is:open+assignee:none"),
    # files
    "viewer-image": State(_PHOTOS, _then(_open(), _click("#timeline [data-view]"))),
    # saying what happened
    "toast": State(_TALK, _then(_open(), _close_and_take_back), leave=_undo),
    "offline-bar": State(_TALK, _then(_open(6), _offline), leave=_online),
    "sidebar": State(_TALK, _drawer),
    # nothing to see
    "empty-trash": State("/folders/trash"),
    "empty-snoozed": State("/folders/snoozed"),
    "for-you": State("/notifications"),
    "offline-page": State("/offline"),
    "not-there": State("/conversations/99999999"),
    "no-such-page": State("/nothing-here"),
    "not-allowed": State("/settings/security", who="Lucía"),
    "sign-in": State("/sign-in", who=""),
    "french-conversation": State(_TALK, _open(), who="Lucía"),
}
