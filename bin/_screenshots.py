"""Start a demo team in a folder of its own, look at its pages in Chromium, and keep the pictures."""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

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


# Not pages, or pages that end the walk.
_NO_PAGE = re.compile(
    r"/(?:raw|export|sign-out|html|files\.zip)$|/(?:attachments|previews|remote-images|static|live)\b|\.(?:zip|csv|json|mbox)"
)
_ENOUGH = 150


def main() -> None:
    everything = "--all" in sys.argv
    target = Path(next(word for word in sys.argv[1:] if not word.startswith("-")))
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        installation = postroom.installation(Path(folder), data=Path(folder) / "data", database_url="")
        running = installation.run("--demo")
        try:
            if everything:
                walk(browser, running.url, target)
                return
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


def walk(browser: Browser, url: str, target: Path) -> None:
    """Keep every page that a link leads to, one of each kind, in both themes and at three widths."""
    with signed_in(browser, url, who="Amina", theme="light", size=WIDE) as page:
        addresses = found_by_links(page, url)
    for theme in ("light", "dark"):
        for size in (WIDE, LAPTOP, PHONE):
            with signed_in(browser, url, who="Amina", theme=theme, size=size) as page:
                for address in addresses:
                    page.goto(f"{url}{address}")
                    page.wait_for_timeout(700)
                    name = address.strip("/").replace("/", "-").replace("?", "-") or "home"
                    page.screenshot(path=target / f"{name[:80]}.{theme}.{size[0]}.png")
    print(f"{len(addresses)} pages, six pictures of each, in {target}")


def found_by_links(page: Page, url: str) -> list[str]:
    """Follow links from the inbox and the settings; of addresses that differ by numbers only, take the first."""
    kinds: dict[str, str] = {}
    waiting = ["/folders/open", "/settings", "/views", "/scheduled", "/bulk", "/new-conversation", "/search?q=order"]
    while waiting and len(kinds) < _ENOUGH:
        address = waiting.pop(0)
        kind = re.sub(r"\d+", "N", urlsplit(address).path)
        if kind in kinds or _NO_PAGE.search(kind):
            continue
        answer = page.goto(f"{url}{address}")
        if not (answer and answer.ok and "text/html" in answer.headers.get("content-type", "")):
            continue
        kinds[kind] = address
        links = page.eval_on_selector_all("a[href]:not([download])", "(all) => all.map((one) => one.href)")
        waiting += [f"{parts.path}" for link in links if (parts := urlsplit(link)).netloc == urlsplit(url).netloc]
    return sorted(kinds.values())


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
