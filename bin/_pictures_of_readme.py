"""The README's pictures: a few pages that show the whole."""

from pathlib import Path

from _picture_windows import LAPTOP, PHONE, WIDE, signed_in
from playwright.sync_api import Browser, Page

# Who looks, which list, what is opened there (a part of the subject, or nothing), the theme, the size.
_PICTURES = {
    "inbox": ("Amina", "mine", "One more photo", "light", WIDE),
    "conversation-dark": ("Joris", "open", "", "dark", WIDE),
    "french": ("Lucía", "open", "", "light", LAPTOP),
    "phone": ("Amina", "open", None, "light", PHONE),
    "phone-dark": ("Amina", "mine", "", "dark", PHONE),
}
# Other pages: who looks, where, the theme, the size.
_PAGES = {
    "ledger": ("Amina", "/mailboxes/1/ledger", "light", WIDE),
    "ledger-dark": ("Amina", "/mailboxes/1/ledger", "dark", LAPTOP),
    "ledger-phone": ("Amina", "/mailboxes/1/ledger", "light", PHONE),
}


def take(browser: Browser, url: str, target: Path) -> None:
    """Keep the pictures that the README shows in the folder."""
    for name, (who, place, subject, theme, size) in _PICTURES.items():
        with signed_in(browser, url, who=who, theme=theme, size=size) as page:
            page.goto(f"{url}/folders/{place}")
            _look(page, subject=subject)
            page.screenshot(path=target / f"{name}.png")
    for name, (who, address, theme, size) in _PAGES.items():
        with signed_in(browser, url, who=who, theme=theme, size=size) as page:
            page.goto(f"{url}{address}")
            _look(page, subject=None)
            page.screenshot(path=target / f"{name}.png")


def _look(page: Page, *, subject: str | None) -> None:
    if subject is not None:
        page.locator("#rows .line-link", has_text=subject).first.click()
        page.locator("#timeline .message").first.wait_for()
    # Letters' frames measure themselves, and pictures arrive.
    page.wait_for_timeout(1500)
    page.mouse.move(5, 5)
