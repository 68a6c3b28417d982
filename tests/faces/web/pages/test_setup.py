from collections.abc import Callable

import pytest
from django.test import Client

from postroom.channels.mail.actions.found import NewTeam, SetupIsOver, found_team
from postroom.channels.mail.models import NO_ROUTE, Route, Source
from postroom.core.accounts.models import OWNER, Installation, Mailbox, User
from postroom.core.accounts.setup import make_setup_token
from tests.faces.web.pages.hostile import HOSTILE, post
from tests.faces.web.pages.team_form import TYPED, send


def test_the_link_shows_two_doors(client: Client, token: str) -> None:
    page = client.get(f"/setup/{token}").content.decode()
    assert "Set up my team" in page
    assert "Look around with a demo team" in page


def test_a_wrong_link_opens_nothing_and_says_why(client: Client, token: str) -> None:
    for path in ("", "/team", "/demo", "/guess"):
        answer = client.get(f"/setup/wrong-{token}{path}")
        assert answer.status_code == 404
    assert "Take the newest" in client.get("/setup/wrong").content.decode()
    assert client.post("/setup/wrong/team", TYPED).status_code == 404
    assert client.post("/setup/wrong/demo").status_code == 404
    assert not User.objects.exists()


def test_an_older_link_ends_when_a_newer_one_is_printed(client: Client, token: str) -> None:
    make_setup_token()
    assert client.get(f"/setup/{token}").status_code == 404


def test_a_team_is_set_up_and_its_owner_is_in_the_inbox(client: Client, token: str) -> None:
    answer = client.post(f"/setup/{token}/team", TYPED, follow=True)
    page = answer.content.decode()
    assert "Your Postroom is open" in page
    assert "support@velo.example" in page
    assert "/settings/people/invitation" in page
    owner = User.objects.get()
    assert (owner.name, owner.email, owner.role) == ("Alice Martin", "alice@velo.example", OWNER)
    mailbox = Mailbox.objects.get()
    assert (mailbox.address, mailbox.from_name, list(mailbox.members.all())) == (
        "support@velo.example",
        "Velo Nord",
        [owner],
    )
    assert not Source.objects.exists()
    assert Route.objects.get().kind == NO_ROUTE
    assert not Installation.objects.get().demo


def test_the_owner_reads_postroom_in_the_language_of_the_set_up(client: Client, token: str) -> None:
    client.post(f"/setup/{token}/team", TYPED, headers={"Accept-Language": "fr-FR"})
    assert User.objects.get().language == "fr"


def test_the_link_works_once(client: Client, token: str) -> None:
    send(client, token)
    again = Client().get(f"/setup/{token}/team")
    assert again.status_code == 410
    assert "used already" in again.content.decode()
    assert Client().post(f"/setup/{token}/team", {**TYPED, "owner-email": "mallory@evil.example"}).status_code == 410
    assert Client().post(f"/setup/{token}/demo").status_code == 410
    assert client.get(f"/setup/{token}").headers["Location"] == "/"
    assert User.objects.count() == 1


def test_of_two_tabs_one_sets_up_and_the_other_is_told(token: str) -> None:
    team = NewTeam(
        owner_name="Alice",
        owner_email="alice@velo.example",
        password="a few words in a row",
        language="en",
        mailbox_name="Support",
        address="support@velo.example",
    )
    found_team(team)
    with pytest.raises(SetupIsOver):
        found_team(team)
    assert User.objects.count() == Mailbox.objects.count() == 1


def test_a_refused_set_up_leaves_the_link_good(client: Client, token: str) -> None:
    assert send(client, token, **{"owner-password": "short"}).status_code == 422
    assert client.get(f"/setup/{token}").status_code == 200
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("owner-name", "", "This is needed."),
        ("owner-email", "alice", "not a mail address"),
        ("owner-password", "short", "too short"),
        ("owner-password", "password123", "tried first"),
        ("mailbox-address", "support@", "not a mail address"),
        ("mailbox-name", "x" * 200, "at most 80 fit"),
        ("incoming-way", "carrier pigeon", ""),
        ("outgoing-way", "", "This is needed."),
    ],
)
def test_each_mistake_has_a_sentence_and_nothing_typed_is_lost(
    client: Client, token: str, field: str, value: str, words: str
) -> None:
    answer = send(client, token, **{field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    for name, typed in TYPED.items():
        if name != field and not name.endswith(("way", "security")):
            assert f'value="{typed}"' in page
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("field", TYPED)
def test_hostile_input_in_any_field_is_refused_or_made_harmless(client: Client, token: str, field: str) -> None:
    for text in HOSTILE.values():
        answer = post(client, f"/setup/{token}/team", {**TYPED, field: text})
        assert answer.status_code in (302, 422), text[:40]
        assert "<script>alert" not in answer.content.decode()
        for stored in [*User.objects.values_list("name", "email"), *Mailbox.objects.values_list("name", "address")]:
            assert not set("".join(stored)) & set("\r\n\x00\u202e")
        if answer.status_code == 302:
            Mailbox.objects.all().delete()
            User.objects.all().delete()
            token = make_setup_token()


def test_somebody_signed_in_meets_no_first_steps_once_mail_has_come(
    alice: User, desk_with_mail: None, sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(alice).get("/folders/mine").content.decode()
    assert "Your Postroom is open" not in page
