"""Start a demo team in a folder of its own, look at its pages in Chromium, and keep the pictures."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import postroom
from tests.servers.chromium import chromium

WIDE, LAPTOP, PHONE = (1440, 900), (1024, 768), (390, 844)
# Who looks, which list, what is opened there (a part of the subject, or nothing), the theme, the size.
PICTURES = {
    "inbox": ("Amina", "mine", "One more photo", "light", WIDE),
    "conversation-dark": ("Joris", "open", "", "dark", WIDE),
    "french": ("Lucía", "open", "", "light", LAPTOP),
    "phone": ("Amina", "open", None, "light", PHONE),
    "phone-dark": ("Amina", "mine", "", "dark", PHONE),
}
# Other pages: who looks, where, the theme, the size.
PAGES = {
    "ledger": ("Amina", "/mailboxes/1/ledger", "light", WIDE),
    "ledger-dark": ("Amina", "/mailboxes/1/ledger", "dark", LAPTOP),
    "ledger-phone": ("Amina", "/mailboxes/1/ledger", "light", PHONE),
}


def main() -> None:
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        installation = postroom.installation(Path(folder), data=Path(folder) / "data", database_url="")
        running = installation.run("--demo")
        try:
            for name, (who, place, subject, theme, size) in PICTURES.items():
                with signed_in(browser, running.url, who=who, theme=theme, size=size) as page:
                    page.goto(f"{running.url}/folders/{place}")
                    look(page, subject=subject)
                    page.screenshot(path=target / f"{name}.png")
            for name, (who, address, theme, size) in PAGES.items():
                with signed_in(browser, running.url, who=who, theme=theme, size=size) as page:
                    page.goto(f"{running.url}{address}")
                    look(page, subject=None)
                    page.screenshot(path=target / f"{name}.png")
        finally:
            installation.stop()


@contextmanager
def signed_in(browser: Browser, url: str, *, who: str, theme: str, size: tuple[int, int]) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name=who).click()
    page.locator("#rows").wait_for()
    yield page
    context.close()


def look(page: Page, *, subject: str | None) -> None:
    if subject is not None:
        page.locator("#rows .line-link", has_text=subject).first.click()
        page.locator("#timeline .message").first.wait_for()
    # Letters' frames measure themselves, and pictures arrive.
    page.wait_for_timeout(1500)
    page.mouse.move(5, 5)


if __name__ == "__main__":
    main()
