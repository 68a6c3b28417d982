"""Alice at the composer, in a real browser."""

import base64
from typing import Any

from django.test import Client
from playwright.sync_api import Page, expect

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import CANCELLED, OUT
from tests.servers.chromium import NewWindow

FILE_EVENT = """([element, type, files, html]) => {
    const data = new DataTransfer();
    for (const [name, kind, bytes] of files) {
        data.items.add(new File([Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0))], name, {type: kind}));
    }
    if (html) data.setData("text/html", html);
    const names = type === "paste" ? {clipboardData: data} : {dataTransfer: data};
    const event = type === "paste" ? ClipboardEvent : DragEvent;
    document.querySelector(element).dispatchEvent(new event(type, {...names, bubbles: true, cancelable: true}));
}"""


class Desk:
    """Alice's window on Ann's conversation."""

    def __init__(self, page: Page, mail: Message, url: str) -> None:
        self.page, self.mail = page, mail
        self.address = f"{url}/conversations/{mail.conversation_id}"
        self.composer = page.locator("post-composer")
        self.paper = page.locator("[data-editor]")
        self.send = page.locator("[data-send]")
        page.goto(self.address)

    def type(self, text: str) -> None:
        self.paper.click()
        self.page.keyboard.type(text)

    def give(self, kind: str, *files: tuple[str, str, bytes], html: str = "") -> None:
        """Paste into the text, or drop onto the composer."""
        coded = [(name, content_type, base64.b64encode(data).decode()) for name, content_type, data in files]
        element = "[data-editor]" if kind == "paste" else "post-composer"
        self.page.evaluate(FILE_EVENT, [element, kind, coded, html])

    def sent(self, kind: str = OUT) -> Message:
        """Wait until the composer is empty again and return the one message that was made."""
        expect(self.composer).to_have_attribute("data-folded", "")
        return Message.objects.exclude(delivery=CANCELLED).get(kind=kind)


def open_desk(window: NewWindow, live_server: Any, user: User, mail: Message, *, expected: str = "") -> Desk:
    client = Client()
    client.force_login(user)
    page = window(expected=expected)
    cookie = client.cookies["postroom_session"].value
    page.context.add_cookies([{"name": "postroom_session", "value": cookie, "url": live_server.url}])
    return Desk(page, mail, live_server.url)
