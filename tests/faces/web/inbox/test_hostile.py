"""Whatever is put into an address, a form or a mail: a sentence or 404, never a fault."""

import pytest

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.receive import Person
from tests.faces.web.inbox.conftest import Inbox, write

ADDRESSES = (
    "/folders/nothing",
    "/folders/%00",
    "/folders/..%2f..%2fetc",
    "/folders/team.1",
    "/folders/team.99999999999999999999",
    "/folders/team.x",
    "/folders/1.nothing",
    "/folders/99999999999999999999.open",
    "/mailboxes/0/open",
    "/mailboxes/999999999999999999/open",
    "/mailboxes/99999999999999999999999/open",
    "/conversations/0",
    "/conversations/999999999999999999",
    "/conversations/99999999999999999999999999",
    "/conversations/-1",
    "/conversations/1e3",
    "/messages/999999999999999999",
    "/messages/99999999999999999999",
    "/folders/open/rows?before=x",
    "/folders/open/rows?before=999999999999999999-1",
    "/folders/open/rows?before=%00-%00",
)
ODD = (
    "",
    "x" * 100_000,
    "\x00",
    "\ud800".encode("utf-16", "surrogatepass"),
    "💌" * 70,
    "<script>alert(1)</script>",
    "-",
    "१२",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_absurd_address_is_not_there(inbox: Inbox, address: str) -> None:
    assert inbox.alice.get(address).status_code == 404


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    ("noun", "field"), [("tags", "name"), ("priority", "priority"), ("assignment", "to"), ("reading", "message")]
)
def test_an_absurd_form_is_refused_in_a_sentence_or_harmless(
    inbox: Inbox, noun: str, field: str, value: str | bytes
) -> None:
    answer = inbox.alice.post(inbox.url(noun), {field: value, "in": value, "leave": "1"})
    assert answer.status_code in (302, 400, 409)
    assert inbox.alice.get(inbox.url()).status_code == 200


@pytest.mark.parametrize("query", ["in=%00", "in=99999999999999999999.open", "in=team.%F0%9F", "in=" + "x" * 5000])
def test_an_absurd_list_in_the_address_falls_back(inbox: Inbox, query: str) -> None:
    assert inbox.alice.get(f"{inbox.url()}?{query}").status_code == 200
    assert inbox.alice.get(f"/sidebar?{query}").status_code == 200


@pytest.mark.parametrize("query", ["after=&since=", "after=x&since=%00", "after=99999999999999999999", "after=-1"])
def test_an_absurd_place_in_the_thread_is_the_start(inbox: Inbox, query: str) -> None:
    assert inbox.alice.get(f"{inbox.url('messages')}?{query}").status_code == 200


def test_mallorys_words_are_words(inbox: Inbox, mailbox: Mailbox) -> None:
    evil = "\"><script>alert('x')</script>{{ 7*7 }}%(name)s"
    sender = Person(evil, "mallory@elsewhere.example")
    conversation = write(mailbox, sender=sender, subject=evil, text=evil)
    inbox.alice.post(f"/conversations/{conversation.pk}/tags", {"name": evil[:50]})
    for address in ("/folders/open", f"/conversations/{conversation.pk}", f"/conversations/{conversation.pk}/head"):
        page = inbox.alice.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_a_mail_with_nothing_in_it_is_a_row_and_a_page(inbox: Inbox) -> None:
    conversation = write(inbox.mailbox, sender=Person("", "x@y.example"), subject="", text="")
    assert "No subject" in inbox.alice.get("/folders/open").content.decode()
    assert inbox.alice.get(f"/conversations/{conversation.pk}").status_code == 200


@pytest.mark.parametrize("cookie", ["postroom_theme", "postroom_sidebar", "postroom_keys", "postroom_rows"])
def test_an_absurd_preference_is_none(inbox: Inbox, cookie: str) -> None:
    inbox.alice.cookies[cookie] = '"><script>'
    page = inbox.alice.get("/folders/open")
    assert page.status_code == 200
    assert b'"><script>' not in page.content
