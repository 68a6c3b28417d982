"""Each browser in which somebody is signed in is a session that can be seen and ended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.actions.sessions import end_sessions
from postroom.core.accounts.models import ADMIN, KnownOrigin, Letter, SecurityPolicy, Session, User
from postroom.core.audit.models import AuditEntry
from postroom.core.events.models import Event
from postroom.followers.notifications.models import SIGNED_IN, Notification
from postroom.followers.notifications.react import react
from postroom.lib import clock
from tests.people import PASSWORD

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


def browser(agent: str = FIREFOX, *, at: str = "203.0.113.7") -> Client:
    return Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=at)


def enter(client: Client, person: User) -> Client:
    answer = client.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def is_in(client: Client) -> bool:
    return client.get("/notifications").status_code == 200


def test_alice_sees_her_browsers_and_signs_one_out(alice: User) -> None:
    desk, phone = enter(browser(), alice), enter(browser(IPHONE, at="10.1.2.3"), alice)
    page = desk.get("/settings/sessions").content.decode()
    for words in ("Firefox on Linux", "203.0.113.7", "this one", "Safari on iPhone", "Private network, 10.1.2.3"):
        assert words in page
    assert "Where you are signed in" in desk.get("/settings/profile").content.decode()
    other = Session.objects.get(ip="10.1.2.3")
    desk.post("/settings/sessions/ending", {"session": other.pk})
    assert not is_in(phone)
    assert is_in(desk)
    entry = AuditEntry.objects.get(action="sessions.ended")
    assert (entry.actor_id, entry.subject, entry.before["from"]) == (alice.pk, f"person:{alice.pk}", ["10.1.2.3"])


def test_what_was_asked_before_a_sign_in_and_is_answered_after_it_signs_nobody_out(alice: User) -> None:
    name = settings.SESSION_COOKIE_NAME
    desk, late = browser(), browser()
    desk.post("/sign-in/passkey/options")
    late.cookies[name] = desk.cookies[name].value
    enter(desk, alice)
    assert desk.cookies[name].value != late.cookies[name].value
    for address in ("/service-worker.js", "/sign-in", "/folders/open"):
        assert name not in late.get(address).cookies
    # A sign-out still takes it away.
    assert desk.post("/sign-out").cookies[name].value == ""


def test_all_others_are_ended_at_once_and_by_a_new_password_too(alice: User) -> None:
    desk, others = enter(browser(), alice), [enter(browser(IPHONE), alice) for _ in range(2)]
    desk.post("/settings/sessions/ending")
    assert [is_in(other) for other in others] == [False, False]
    assert is_in(desk)
    phone = enter(browser(IPHONE), alice)
    changed = {"password-present": PASSWORD, "password-new": "four yellow bicycles"}
    assert desk.post("/settings/password", changed).status_code == 302
    assert is_in(desk)
    assert not is_in(phone)
    assert Session.objects.filter(user=alice).count() == 1


def test_nobody_ends_a_strangers_session_by_its_number(alice: User, bob: User) -> None:
    desk, mallory = enter(browser(), alice), enter(browser(), bob)
    number = Session.objects.get(user=alice).pk
    for named in (number, "0", "-1", "x" * 4000, "\x00", str(2**70)):
        mallory.post("/settings/sessions/ending", {"session": named})
    assert mallory.get(f"/settings/people/{alice.pk}/sessions").status_code == 404
    assert mallory.post(f"/settings/people/{alice.pk}/sessions/ending").status_code == 404
    assert is_in(desk)
    assert is_in(mallory)


def test_who_keeps_the_people_sees_and_ends_a_colleagues_sessions(
    alice: User, bob: User, sign_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=bob.pk).update(role=ADMIN)
    phone, admin = enter(browser(IPHONE), alice), sign_in(User.objects.get(pk=bob.pk))
    assert "Safari on iPhone" in admin.get(f"/settings/people/{alice.pk}/sessions").content.decode()
    admin.post(f"/settings/people/{alice.pk}/sessions/ending")
    assert not is_in(phone)
    assert AuditEntry.objects.get(action="sessions.ended").actor_id == bob.pk


def test_the_key_of_a_session_is_in_no_table(alice: User) -> None:
    desk = enter(browser(), alice)
    key = desk.cookies[settings.SESSION_COOKIE_NAME].value
    token = desk.cookies[settings.POSTROOM_DEVICE_COOKIE].value
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = str(cursor.fetchall())
            assert key not in rows, table
            assert token.partition(":")[0] not in rows, table
    stolen = browser()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = Session.objects.get(user=alice).digest
    assert not is_in(stolen)


def test_a_session_ends_after_its_days_and_its_idle_minutes(alice: User) -> None:
    SecurityPolicy.objects.create(pk=1, session_days=2, session_idle_minutes=30)
    with clock.at(NOON):
        desk = enter(browser(), alice)
    moment = NOON
    while moment < NOON + timedelta(days=2) - timedelta(minutes=25):
        moment += timedelta(minutes=29)
        if moment < NOON + timedelta(hours=2) or moment > NOON + timedelta(days=2) - timedelta(hours=1):
            with clock.at(moment):
                assert is_in(desk), moment
        else:
            Session.objects.update(last_seen=moment, expire_date=moment + timedelta(minutes=31))
    with clock.at(NOON + timedelta(days=2, seconds=1)):
        assert not is_in(desk)
        desk = enter(browser(), alice)
    with clock.at(NOON + timedelta(days=2, minutes=20)):
        # A page that only lies open fetches by itself: nobody need be there.
        answer = desk.get("/sidebar", headers={"HX-Request": "true", "Postroom-By-Itself": "1"})
        assert answer.status_code == 200
    with clock.at(NOON + timedelta(days=2, minutes=32)):
        assert not is_in(desk)


def test_looking_at_pages_writes_once_a_minute_at_most(alice: User) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert is_in(desk)
        return sum(query["sql"].startswith(("UPDATE", "INSERT", "DELETE")) for query in queries)

    with clock.at(NOON):
        desk = enter(browser(), alice)
        assert writes() == 0
    with clock.at(NOON + timedelta(seconds=61)):
        assert [writes(), writes()] == [1, 0]


def test_a_changed_policy_counts_for_open_sessions(alice: User, sign_in: Callable[[User], Client]) -> None:
    with clock.at(NOON):
        desk = enter(browser(), alice)
    with clock.at(NOON + timedelta(hours=3)):
        owner = enter(browser(IPHONE), alice)
        form = {"second_factor": "nobody", "session_days": "30", "session_idle_minutes": "60", "allow_list": ""}
        assert owner.post("/settings/security", form).status_code == 302
        assert not is_in(desk)
        assert is_in(owner)


def test_what_has_ended_is_swept_away(alice: User) -> None:
    with clock.at(NOON):
        enter(browser(), alice)
    with clock.at(NOON + timedelta(days=40)):
        enter(browser(), alice)
        assert Session.objects.count() == 1


def test_a_sign_in_from_somewhere_new_is_told_once(alice: User) -> None:
    desk = enter(browser(), alice)
    # The very first one tells nobody anything.
    assert not Letter.objects.exists()
    desk.post("/sign-out")
    enter(desk, alice)
    assert not Letter.objects.exists()
    enter(browser(IPHONE), alice)
    (letter,) = Letter.objects.all()
    assert letter.to == alice.email
    react(Event.objects.get(kind="person.signed_in_anew"))
    assert Notification.objects.get(user=alice).reason == SIGNED_IN
    page = desk.get("/notifications").content.decode()
    assert "A new sign-in. Was it you?" in page
    assert "Safari on iPhone · 203.0.113.7" in page
    # Her own browser, in another network: told as well. In a neighbouring address of the same: not.
    enter(Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.9", HTTP_COOKIE=_cookies(desk)), alice)
    assert Letter.objects.count() == 2
    enter(Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.77", HTTP_COOKIE=_cookies(desk)), alice)
    assert Letter.objects.count() == 2


def test_a_browser_that_was_signed_out_from_elsewhere_is_new_again(alice: User) -> None:
    desk, phone = enter(browser(), alice), enter(browser(IPHONE), alice)
    assert KnownOrigin.objects.filter(user=alice, kind="device").count() == 2
    desk.post("/settings/sessions/ending")
    assert KnownOrigin.objects.filter(user=alice, kind="device").count() == 1
    Letter.objects.all().delete()
    enter(phone, alice)
    assert Letter.objects.count() == 1


def test_the_browser_that_is_known_is_no_key(alice: User, bob: User) -> None:
    desk = enter(browser(), alice)
    cookie = desk.cookies[settings.POSTROOM_DEVICE_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    stranger = browser()
    stranger.cookies[settings.POSTROOM_DEVICE_COOKIE] = cookie.value
    assert not is_in(stranger)


def test_ending_the_sessions_of_somebody_without_any_says_nothing(alice: User) -> None:
    assert end_sessions(alice, by=alice) == 0
    assert not AuditEntry.objects.filter(action="sessions.ended").exists()


@pytest.mark.parametrize("key", ["", "x", "\u00e9" * 40, "0" * 4000, "a" * 64, "../../etc"])
def test_a_made_up_key_is_nobodys(alice: User, key: str) -> None:
    stranger = browser()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = key
    assert stranger.get("/settings/profile").status_code == 302


def _cookies(client: Client) -> str:
    name = settings.POSTROOM_DEVICE_COOKIE
    return f"{name}={client.cookies[name].value}"
