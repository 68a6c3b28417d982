from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from postroom.channels.mail.models import NO_ROUTE, SMTP, Route, Source
from postroom.core.accounts.models import Mailbox, Membership, Team, User
from postroom.lib import clock
from postroom.lib.sealing import unseal
from tests.faces.web.pages.hostile import HOSTILE, post
from tests.people import PASSWORD
from tests.servers import dovecot as dovecot_server
from tests.servers import smtp_sink as sink_server
from tests.servers.dovecot import Dovecot
from tests.servers.processes import free_port
from tests.servers.smtp_sink import SmtpSink

SignIn = Callable[[User], Client]
OWNERS = (
    "/settings/people/new",
    "/settings/people/{bob}",
    "/settings/mailboxes",
    "/settings/mailboxes/new",
    "/settings/mailboxes/{mailbox}",
    "/settings/teams",
    "/settings/teams/{team}",
)
EVERYBODYS = ("/settings", "/settings/profile", "/settings/people")


@pytest.fixture
def team(alice: User) -> Team:
    """A team that nobody is in."""
    return Team.objects.create(name="Workshop")


def _filled(path: str, *, bob: User, mailbox: Mailbox, team: Team) -> str:
    return path.format(bob=bob.pk, mailbox=mailbox.pk, team=team.pk)


@pytest.mark.parametrize("path", OWNERS)
def test_what_is_the_owners_is_not_there_for_an_agent(
    path: str, alice: User, bob: User, mailbox: Mailbox, team: Team, sign_in: SignIn
) -> None:
    path = _filled(path, bob=bob, mailbox=mailbox, team=team)
    assert sign_in(alice).get(path).status_code == 200
    assert sign_in(bob).get(path).status_code == 404
    assert sign_in(bob).post(path).status_code in (404, 405)
    assert Client().get(path).headers["Location"].startswith("/sign-in?next=%2Fsettings")


@pytest.mark.parametrize("path", EVERYBODYS)
def test_everybody_has_their_own_settings(path: str, charlie: User, sign_in: SignIn) -> None:
    assert sign_in(charlie).get(path, follow=True).status_code == 200
    assert Client().get(path).status_code == 302


def test_an_agent_sees_no_way_to_what_is_the_owners(bob: User, sign_in: SignIn) -> None:
    page = sign_in(bob).get("/settings/people").content.decode()
    assert "Alice" not in page
    assert "/settings/mailboxes" not in page
    assert "/settings/people/new" not in page


def test_a_fragment_of_a_stranger_is_sent_to_the_sign_in_page(db: None) -> None:
    answer = Client().get("/settings/profile", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_bob_changes_his_name_language_and_keys(bob: User, sign_in: SignIn) -> None:
    typed = {"profile-name": "  Bob   Jansen ", "profile-language": "fr"}
    browser = sign_in(bob)
    assert browser.post("/settings/profile", typed).status_code == 302
    bob.refresh_from_db()
    assert (bob.name, bob.language, bob.single_keys) == ("Bob Jansen", "fr", False)
    page = browser.get("/settings/profile?saved=1").content.decode()
    assert '<html lang="fr"' in page
    assert 'data-keys="off"' in page


def test_a_language_we_do_not_speak_is_refused(bob: User, sign_in: SignIn) -> None:
    typed = {"profile-name": "Bob", "profile-language": "tlh"}
    assert sign_in(bob).post("/settings/profile", typed).status_code == 422
    assert User.objects.get(pk=bob.pk).language == "en"


def test_a_new_password_asks_for_the_present_one_and_keeps_this_session(bob: User, sign_in: SignIn) -> None:
    browser, elsewhere = sign_in(bob), sign_in(bob)
    wrong = browser.post("/settings/password", {"password-present": "wrong", "password-new": "quite another one"})
    assert (wrong.status_code, "not your present password" in wrong.content.decode()) == (422, True)
    short = browser.post("/settings/password", {"password-present": PASSWORD, "password-new": "short"})
    assert "too short" in short.content.decode()
    done = browser.post("/settings/password", {"password-present": PASSWORD, "password-new": "quite another one"})
    assert done.status_code == 302
    assert browser.get("/settings/profile").status_code == 200
    assert elsewhere.get("/settings/profile").status_code == 302
    assert User.objects.get(pk=bob.pk).check_password("quite another one")


def test_alice_adds_a_colleague_who_can_sign_in(alice: User, mailbox: Mailbox, sign_in: SignIn) -> None:
    typed = {
        "name": "Dana",
        "email": "Dana@team.example",
        "password": "first long password",
        "language": "fr",
        "mailboxes": [mailbox.pk],
    }
    assert sign_in(alice).post("/settings/people/new", typed).status_code == 302
    dana = User.objects.get(email="dana@team.example")
    assert (list(dana.mailboxes.all()), dana.is_owner, dana.language) == ([mailbox], False, "fr")
    assert Client().post("/sign-in", {"email": dana.email, "password": "first long password"}).status_code == 302


def test_a_second_colleague_with_the_same_address_is_refused_with_all_that_was_typed(
    alice: User, bob: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    typed = {"name": "Bob Two", "email": bob.email, "password": "first long password", "language": "en"}
    answer = sign_in(alice).post("/settings/people/new", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "here already" in page
    assert 'value="Bob Two"' in page


def test_alice_decides_which_mailboxes_charlie_sees(
    alice: User, charlie: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    browser = sign_in(alice)
    browser.post(f"/settings/people/{charlie.pk}/access", {f"mailbox-{mailbox.pk}": ":2"})
    assert list(charlie.mailboxes.all()) == [mailbox]
    browser.post(f"/settings/people/{charlie.pk}/access", {f"mailbox-{mailbox.pk}": "2:"})
    assert not charlie.mailboxes.exists()
    browser.post(f"/settings/mailboxes/{mailbox.pk}/access", {f"person-{charlie.pk}": ":1"})
    assert set(mailbox.members.all()) == {alice, charlie}


def test_alice_gives_bob_a_new_password(alice: User, bob: User, sign_in: SignIn) -> None:
    elsewhere = sign_in(bob)
    url = f"/settings/people/{bob.pk}/password"
    assert sign_in(alice).post(url, {"password-new": "short"}).status_code == 422
    assert sign_in(alice).post(url, {"password-new": "a fresh long one"}).status_code == 302
    assert elsewhere.get("/settings/profile").status_code == 302
    bob.refresh_from_db()
    assert sign_in(bob).post(url, {"password-new": "a fresh long one"}).status_code == 404


def test_a_mailbox_is_added_with_its_owner_in_it_and_once(alice: User, sign_in: SignIn) -> None:
    typed = {"name": "Billing", "address": "billing@velo.example", "from_name": "Velo Nord"}
    browser = sign_in(alice)
    assert browser.post("/settings/mailboxes/new", typed).status_code == 302
    assert Membership.objects.filter(user=alice, mailbox__address="billing@velo.example").exists()
    again = browser.post("/settings/mailboxes/new", typed)
    assert (again.status_code, "already" in again.content.decode()) == (422, True)


def test_a_mailboxs_names_and_signature_are_changed(alice: User, mailbox: Mailbox, sign_in: SignIn) -> None:
    typed = {"details-name": "Help", "details-from_name": "Velo", "details-signature": "Best\r\nVelo\r\n"}
    assert sign_in(alice).post(f"/settings/mailboxes/{mailbox.pk}", typed).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.from_name, mailbox.signature) == ("Help", "Velo", "Best\nVelo\n")


def test_teams_are_made_and_filled(alice: User, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    assert browser.post("/settings/teams", {"name": "Workshop", "members": [bob.pk]}).status_code == 302
    team = Team.objects.get()
    assert list(team.members.all()) == [bob]
    assert browser.post("/settings/teams", {"name": "Workshop"}).status_code == 422
    assert browser.post(f"/settings/teams/{team.pk}", {"name": "Garage", "members": [alice.pk]}).status_code == 302
    team.refresh_from_db()
    assert (team.name, list(team.members.all())) == ("Garage", [alice])
    assert browser.post(f"/settings/teams/{team.pk}", {"name": "Garage", "members": [999_999]}).status_code == 422


FORMS = {
    "/settings/profile": ("profile-name", "profile-language"),
    "/settings/password": ("password-present", "password-new"),
    "/settings/people/new": ("name", "email", "password", "language", "mailboxes"),
    "/settings/people/{bob}/access": ("mailbox-1", "mailbox-x", "mailbox-", "mailbox-99999999999999999999"),
    "/settings/people/{bob}/role": ("role",),
    "/settings/people/{bob}/password": ("password-new",),
    "/settings/mailboxes/new": ("name", "address", "from_name"),
    "/settings/mailboxes/{mailbox}": ("details-name", "details-from_name", "details-signature"),
    "/settings/mailboxes/{mailbox}/access": ("person-1", "team-1", "person-²"),
    "/settings/roles": ("name", "permissions"),
    "/settings/mailboxes/{mailbox}/incoming": ("incoming-way", "incoming-security", "incoming-username"),
    "/settings/mailboxes/{mailbox}/outgoing": ("outgoing-way", "outgoing-port", "outgoing-password"),
    "/settings/mailboxes/{mailbox}/incoming/test": ("incoming-way", "incoming-folder"),
    "/settings/mailboxes/{mailbox}/outgoing/test": ("outgoing-way", "outgoing-host"),
    "/settings/teams": ("name", "members"),
    "/settings/teams/{team}": ("name", "members"),
}


@pytest.mark.parametrize("path", FORMS)
def test_hostile_input_is_refused_or_made_harmless(
    path: str, alice: User, bob: User, mailbox: Mailbox, team: Team, sign_in: SignIn
) -> None:
    browser = sign_in(alice)
    url = _filled(path, bob=bob, mailbox=mailbox, team=team)
    for text in HOSTILE.values():
        for field in FORMS[path]:
            answer = post(browser, url, {**dict.fromkeys(FORMS[path], "Velo"), field: text})
            assert answer.status_code in (200, 302, 422), (field, text[:40])
            assert "<script>alert" not in answer.content.decode()
    assert browser.get("/settings/people").status_code == 200
    assert browser.get("/settings/mailboxes").status_code == 200


@pytest.mark.dovecot
def test_the_way_in_is_tried_kept_and_its_password_stays_when_none_is_typed(
    alice: User, mailbox: Mailbox, sign_in: SignIn, dovecot: Dovecot, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    browser, url = sign_in(alice), f"/settings/mailboxes/{mailbox.pk}/incoming"
    typed = {
        "incoming-way": "imap",
        "incoming-host": "localhost",
        "incoming-port": str(dovecot.tls_port),
        "incoming-security": "tls",
        "incoming-username": "settings",
        "incoming-password": "wrong",
    }
    refused = browser.post(url, typed)
    assert refused.status_code == 422
    assert "password" in refused.content.decode().split("notice-danger")[1]
    assert not Source.objects.exists()

    assert browser.post(url, typed | {"incoming-password": dovecot_server.PASSWORD}).status_code == 302
    assert browser.post(url, typed | {"incoming-password": ""}).status_code == 302
    source = Source.objects.get()
    assert unseal(source.sealed_password, key=settings.POSTROOM_KEY) == dovecot_server.PASSWORD
    assert "notice-good" in browser.post(f"{url}/test", typed | {"incoming-password": ""}).content.decode()

    page = browser.get(f"/settings/mailboxes/{mailbox.pk}").content.decode()
    assert dovecot_server.PASSWORD not in page
    assert browser.post(url, typed | {"incoming-way": "lmtp"}).status_code == 302
    assert not Source.objects.filter(active=True).exists()


def test_a_kept_password_is_never_shown_to_another_server(
    alice: User, mailbox: Mailbox, sign_in: SignIn, smtp_sink: SmtpSink, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    browser, url = sign_in(alice), f"/settings/mailboxes/{mailbox.pk}/outgoing"
    typed = {
        "outgoing-way": "smtp",
        "outgoing-host": "localhost",
        "outgoing-port": str(smtp_sink.port),
        "outgoing-security": "starttls",
        "outgoing-username": sink_server.USER,
        "outgoing-password": sink_server.PASSWORD,
    }
    assert browser.post(url, typed).status_code == 302
    assert Route.objects.get().kind == SMTP
    elsewhere = typed | {"outgoing-host": "127.0.0.1", "outgoing-password": ""}
    assert "will ask for a password" in browser.post(f"{url}/test", elsewhere).content.decode()
    assert browser.post(url, elsewhere).status_code == 422
    assert browser.post(url, typed | {"outgoing-way": "later"}).status_code == 302
    assert Route.objects.get().kind == NO_ROUTE


def test_the_last_trouble_of_each_way_is_shown_where_it_is_mended(
    alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    words = "The server at imap.velo.example refused the password."
    Source.objects.create(
        mailbox=mailbox, host="imap.velo.example", username="a", last_error=words, last_error_at=clock.now()
    )
    Route.objects.create(
        mailbox=mailbox, kind=SMTP, host="smtp.velo.example", last_error="Nobody answers.", last_error_at=clock.now()
    )
    browser = sign_in(alice)
    for path in ("/settings/mailboxes", f"/settings/mailboxes/{mailbox.pk}"):
        page = browser.get(path).content.decode()
        assert words in page
        assert "Nobody answers." in page


def test_a_server_that_does_not_answer_can_be_saved_all_the_same(
    alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    url = f"/settings/mailboxes/{mailbox.pk}/outgoing"
    typed = {
        "outgoing-way": "smtp",
        "outgoing-host": "127.0.0.1",
        "outgoing-port": str(free_port()),
        "outgoing-security": "none",
    }
    browser = sign_in(alice)
    assert browser.post(url, typed).status_code == 422
    assert browser.post(url, typed | {"outgoing-anyway": "yes"}).status_code == 302
    assert Route.objects.get().host == "127.0.0.1"
