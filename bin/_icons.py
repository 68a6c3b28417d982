"""Draw the icons of the installed app from the mark, with the machine's Chromium."""

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.servers.chromium import chromium

STATIC = Path(__file__).resolve().parent.parent / "postroom/faces/web/static/postroom"
MARK = (STATIC / "mark.svg").read_text()
# The drawing without its square.
LINES = "".join(re.findall(r"<path[^>]*/>", MARK))
PAPER = re.findall(r'fill="(#[0-9a-f]{6})"', MARK)[0]


def whole() -> str:
    """The mark as it is, to its edges."""
    return MARK.replace('viewBox="0 0 32 32"', 'viewBox="2 2 28 28"')


def full() -> str:
    """A square without round corners, the drawing within the inner 80 %: telephones cut their own shape out of it."""
    square = f'<path d="M0 0h32v32H0z" fill="{PAPER}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{square}{LINES}</svg>'


def badge() -> str:
    """The drawing alone, in white: Android colours it."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="7 7 18 18">{LINES}</svg>'


def draw(page: Page, svg: str, *, name: str, size: int) -> None:
    """Write one picture."""
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f"<style>body{{margin:0}} svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}")
    page.screenshot(path=STATIC / "icons" / name, omit_background=True)


def main() -> None:
    """Draw all of them."""
    with chromium() as browser:
        page = browser.new_page()
        for size in (192, 512):
            draw(page, whole(), name=f"icon-{size}.png", size=size)
        draw(page, full(), name="icon-full-512.png", size=512)
        draw(page, full(), name="apple-180.png", size=180)
        draw(page, badge(), name="badge-96.png", size=96)


main()
