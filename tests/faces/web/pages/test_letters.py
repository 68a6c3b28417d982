"""The page of Postroom's own mail."""

from collections.abc import Callable

from django.test import Client

from postroom.channels.mail.models import NO_TLS, SMTP, Alarm, Route
from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.models import LETTER_GIVEN_UP, LETTER_WAITING, Installation, Letter, Mailbox, User
from postroom.lib import clock

SignIn = Callable[[User], Client]


def test_an_owner_chooses_the_mailbox_and_sees_what_did_not_leave(
    alice: User, bob: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    owner = sign_in(alice)
    assert "No mailbox can send yet" in owner.get("/settings/letters").content.decode()
    Route.objects.create(mailbox=mailbox, kind=SMTP, host="localhost", security=NO_TLS)
    assert owner.post("/settings/letters", {"mailbox": mailbox.pk}).status_code == 302
    assert Installation.objects.get(pk=1).letters_from == mailbox
    assert owner.post("/settings/letters", {"mailbox": "999"}).status_code == 422
    post_letter(to="dora@team.example", name="Dora", subject="Come in", text="https://desk.example/secret")
    letter = Letter.objects.get()
    Letter.objects.update(state=LETTER_GIVEN_UP, problem="550 Nobody here")
    page = owner.get("/settings/letters").content.decode()
    assert "550 Nobody here" in page
    assert "secret" not in page
    Alarm.objects.create(mailbox=mailbox, kind="letters", since=clock.now(), detail={"n": 1})
    assert "/settings/letters" in owner.get("/alarms").content.decode()
    assert "/settings/letters" not in sign_in(bob).get("/alarms").content.decode()
    assert owner.post(f"/settings/letters/{letter.pk}", {"do": "again"}).status_code == 302
    letter.refresh_from_db()
    assert letter.state == LETTER_WAITING
    owner.post(f"/settings/letters/{letter.pk}", {"do": "drop"})
    assert Letter.objects.exists()
    Letter.objects.update(state=LETTER_GIVEN_UP)
    owner.post(f"/settings/letters/{letter.pk}", {"do": "drop"})
    assert not Letter.objects.exists()
    assert sign_in(bob).get("/settings/letters").status_code == 404
    assert sign_in(bob).post(f"/settings/letters/{letter.pk}").status_code == 404
