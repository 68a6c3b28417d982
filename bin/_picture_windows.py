"""Windows on the demo: somebody is signed in, in a theme and a size; a small one is a phone, with a finger."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

Size = tuple[int, int]
WIDE, LAPTOP, PHONE = (1440, 900), (1024, 768), (390, 844)
_PATIENCE_MS = 20_000


@contextmanager
def signed_in(browser: Browser, url: str, *, who: str, theme: str, size: Size) -> Iterator[Page]:
    """Open a window for one of the demo's people, named by the beginning of the name; nobody when `who` is empty."""
    finger = size == PHONE
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=finger,
        is_mobile=finger,
        # Nothing is caught half on its way.
        reduced_motion="reduce",
        locale="en-GB",
    )
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    if who:
        page.goto(f"{url}/sign-in")
        page.get_by_role("button", name=who).click()
        page.locator("#rows").wait_for()
    yield page
    context.close()
