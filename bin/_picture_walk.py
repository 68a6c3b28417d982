"""Take every page that a link leads to and every state that a click opens, in both themes and at three widths.

Pictures are called NAME.THEME.WIDTH.png. One that is there is not taken again, so that the same command goes on where
it stopped; delete what is to be new.
"""

import html
import json
import re
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from _picture_states import STATES, State
from _picture_windows import LAPTOP, PHONE, WIDE, Size, signed_in
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

_BEGINNINGS = ("/folders/open", "/settings", "/views", "/scheduled", "/bulk", "/new-conversation", "/search?q=order")
# Not pages, or pages that end the walk.
_NO_PAGE = re.compile(
    r"/(?:raw|export|sign-out|html|rows|files\.zip)$|/(?:attachments|previews|remote-images|static|live)\b|\.(?:zip|csv|json|mbox)"
)
_LINK = re.compile(r'<a\s[^>]*?href="(/[^"/][^"]*)"(?![^>]*\bdownload\b)')
_ENOUGH = 150
_SETTLES_MS = 600
# A window on a desk is made wider and narrower; a phone is another window.
_DEVICES: tuple[tuple[Size, ...], ...] = ((WIDE, LAPTOP), (PHONE,))


@dataclass(frozen=True)
class Wanted:
    """Which pictures: names in which the pattern is found, one theme or both, one width or all three."""

    only: str
    theme: str | None
    width: int | None

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes to take, light first."""
        return (self.theme,) if self.theme else ("light", "dark")

    def sizes(self, device: tuple[Size, ...]) -> tuple[Size, ...]:
        """Return the sizes of this device that are wanted."""
        return tuple(size for size in device if self.width in (None, size[0]))


@dataclass
class Album:
    """Where pictures go, and until when (of the monotonic clock) they are taken."""

    browser: Browser
    url: str
    folder: Path
    wanted: Wanted
    until: float
    taken: int = 0
    kept: int = 0
    windows: dict[tuple[str, Size], Page] = field(default_factory=dict)

    def missing(self, name: str, device: tuple[Size, ...]) -> list[Path]:
        """Return the pictures of this name on this device that are not there."""
        wanted = [self.path(name, theme, size) for size in self.wanted.sizes(device) for theme in self.wanted.themes]
        missing = [path for path in wanted if not path.exists()]
        self.kept += len(wanted) - len(missing)
        return missing

    def path(self, name: str, theme: str, size: Size) -> Path:
        """Return where one picture is kept."""
        return self.folder / f"{name}.{theme}.{size[0]}.png"


def walk(album: Album) -> list[str]:
    """Take what is wanted and missing, until there is no time left; return a line for each that could not be taken.

    They are said as they come, too.
    """
    faults: list[str] = []
    pages = {_name(address): State(address) for address in _addresses(album)}
    with ExitStack() as closing:
        for name, state in {**pages, **STATES}.items():
            if not re.search(album.wanted.only, name):
                continue
            for device in _DEVICES:
                if not album.missing(name, device):
                    continue
                if time.monotonic() > album.until:
                    return [*faults, "The time is over. The same command takes the others."]
                try:
                    _take(album, name, state, device, closing)
                except (BrowserError, AssertionError) as fault:
                    faults.append(f"{name} at {device[0][0]}: {str(fault).splitlines()[0]}")
                    print(faults[-1], flush=True)
                    # Whatever is half done in that window is in nobody's way.
                    album.windows.pop((state.who, device[0]), None)
    return faults


def _take(album: Album, name: str, state: State, device: tuple[Size, ...], closing: ExitStack) -> None:
    page = _window(album, state.who, device, closing)
    _show(page, theme="light", size=device[0])
    page.goto(f"{album.url}{state.address}")
    with ExitStack() as others:

        def other(who: str) -> Page:
            return others.enter_context(signed_in(album.browser, album.url, who=who, theme="light", size=LAPTOP))

        if state.reach:
            state.reach(page, other)
        for size in album.wanted.sizes(device):
            for theme in album.wanted.themes:
                _show(page, theme=theme, size=size)
                page.wait_for_timeout(_SETTLES_MS)
                page.screenshot(path=album.path(name, theme, size))
                album.taken += 1
    if state.leave:
        state.leave(page)


def _window(album: Album, who: str, device: tuple[Size, ...], closing: ExitStack) -> Page:
    """Return the window of this person on this device: one for all pictures, since signing in takes a while."""
    key = (who, device[0])
    if key not in album.windows:
        window = signed_in(album.browser, album.url, who=who, theme="light", size=device[0])
        album.windows[key] = closing.enter_context(window)
    return album.windows[key]


def _show(page: Page, *, theme: str, size: Size) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": size[0], "height": size[1]})


def _name(address: str) -> str:
    return re.sub(r"[/?=&]+", "-", address.strip("/"))[:80] or "home"


def _addresses(album: Album) -> list[str]:
    """Return the addresses of all pages; they are kept beside the pictures, so that going on finds the same."""
    known = album.folder / "pages.json"
    if not known.exists():
        with signed_in(album.browser, album.url, who="Amina", theme="light", size=WIDE) as page:
            known.write_text(json.dumps(_found_by_links(page, album.url), indent=1))
    addresses: list[str] = json.loads(known.read_text())
    return addresses


def _found_by_links(page: Page, url: str) -> list[str]:
    """Follow links from the inbox and the settings; of addresses that differ by numbers only, take the first."""
    kinds: dict[str, str] = {}
    waiting = list(_BEGINNINGS)
    while waiting and len(kinds) < _ENOUGH:
        address = waiting.pop(0)
        kind = re.sub(r"\d+", "N", urlsplit(address).path)
        # The folders of one mailbox look like those of all.
        if kind in kinds or _NO_PAGE.search(kind) or re.match(r"/mailboxes/N/(?!open|ledger)", kind):
            continue
        # The words of the page are enough to find its links: a browser would draw it first.
        answer = page.request.get(f"{url}{address}")
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        if answer.status >= 500:
            raise RuntimeError(f"{address} answers {answer.status}; the demo's log says why.")
        kinds[kind] = address
        waiting += [urlsplit(html.unescape(link)).path for link in _LINK.findall(answer.text())]
    return sorted(kinds.values())
