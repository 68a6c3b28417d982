"""After the password, the second factor; and until then nothing."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from postroom.core.accounts.actions.profile import set_password
from postroom.core.accounts.models import Installation, SecurityPolicy, User
from postroom.core.audit.models import AuditEntry
from postroom.lib import clock
from postroom.wiring.live import signed_in
from tests.faces.web.signing_in.codes import app_of, code_of, recovery_codes_of
from tests.people import PASSWORD

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STEP = "/sign-in/second-factor"


def _password(client: Client, user: User, *, back: str = "/settings/profile") -> str:
    answer = client.post("/sign-in", {"email": user.email, "password": PASSWORD, "next": back})
    return answer.headers["Location"]


def _is_in(client: Client) -> bool:
    return client.get("/settings/profile").status_code == 200


def test_after_the_password_a_code_of_the_app_opens_the_session(client: Client, alice: User) -> None:
    secret = app_of(alice)
    assert _password(client, alice) == STEP
    assert "Hello Alice" in client.get(STEP).content.decode()
    before = client.session.session_key
    assert client.post(STEP, {"code": code_of(secret)}).headers["Location"] == "/settings/profile"
    assert client.session.session_key != before
    assert _is_in(client)
    entry = AuditEntry.objects.get(action="sign_in.done")
    assert (entry.actor_id, entry.after) == (alice.pk, {"how": "password + code"})


def test_a_session_that_waits_for_its_second_factor_opens_nothing(client: Client, alice: User) -> None:
    app_of(alice)
    _password(client, alice)
    for address in ("/", "/folders/open", "/settings", "/settings/second-factor", "/sign-in/again"):
        assert client.get(address).headers["Location"].startswith("/sign-in?"), address
    assert client.post("/settings/second-factor/app/removal").headers["Location"].startswith("/sign-in?")
    # Nor the live stream.
    assert signed_in(client.session.session_key or "", ip="127.0.0.1") is None
    assert not AuditEntry.objects.filter(action="sign_in.done").exists()


def test_without_a_password_shown_there_is_no_second_step(client: Client, alice: User) -> None:
    secret = app_of(alice)
    for method in (client.get, client.post):
        assert method(STEP, {"code": code_of(secret)}).headers["Location"] == "/sign-in"
    assert client.post(f"{STEP}/options").headers["Location"] == "/sign-in"
    assert client.post(f"{STEP}/passkey").headers["Location"] == "/sign-in"


def test_a_wrong_code_gets_a_sentence_and_the_tries_are_slowed(client: Client, alice: User) -> None:
    secret = app_of(alice)
    with clock.at(NOON):
        _password(client, alice)
        for _guess in range(5):
            refused = client.post(STEP, {"code": "000000"})
            assert refused.status_code == 401
            assert "not right" in refused.content.decode()
        assert client.post(STEP, {"code": code_of(secret)}).status_code == 429
        assert not _is_in(client)
    with clock.at(NOON + timedelta(seconds=61)):
        assert client.post(STEP, {"code": code_of(secret)}).status_code == 302
        assert AuditEntry.objects.filter(action="second_factor.refused").count() == 5


def test_after_ten_wrong_codes_the_password_is_asked_for_again(client: Client, alice: User) -> None:
    app_of(alice)
    with clock.at(NOON):
        _password(client, alice)
    for guess in range(9):
        with clock.at(NOON + timedelta(minutes=1 + 2 * guess)):
            assert client.post(STEP, {"code": "000000"}).status_code == 401
    with clock.at(NOON + timedelta(minutes=20)):
        assert client.post(STEP, {"code": "000000"}).headers["Location"] == "/sign-in"
    assert client.get(STEP).headers["Location"] == "/sign-in"


def test_a_code_opens_once_and_the_one_before_it_no_more(alice: User) -> None:
    secret = app_of(alice)
    with clock.at(NOON):
        code, earlier = code_of(secret), code_of(secret, later=-30)
        for typed, status in ((code, 302), (code, 401), (earlier, 401), (code_of(secret, later=30), 302)):
            client = Client()
            _password(client, alice)
            assert client.post(STEP, {"code": typed}).status_code == status


def test_a_code_may_be_half_a_minute_old_and_typed_with_a_space(client: Client, alice: User) -> None:
    secret = app_of(alice)
    with clock.at(NOON):
        _password(client, alice)
        code = code_of(secret, later=-30)
        assert client.post(STEP, {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    with clock.at(NOON + timedelta(hours=1)):
        other = Client()
        _password(other, alice)
        assert other.post(STEP, {"code": code_of(secret, later=-90)}).status_code == 401


def test_a_recovery_code_opens_once_and_says_how_many_are_left(client: Client, alice: User) -> None:
    app_of(alice)
    code = recovery_codes_of(alice)[3]
    _password(client, alice)
    answer = client.post(STEP, {"code": f"{code[:4]} {code[4:]}"}, follow=True)
    assert "9 are left" in answer.content.decode()
    again = Client()
    _password(again, alice)
    assert again.post(STEP, {"code": code}).status_code == 401
    assert len(recovery_codes_of(alice)) == 9
    assert AuditEntry.objects.filter(action="recovery_code.used", actor_id=alice.pk).count() == 1


def test_odd_codes_are_refused_calmly(client: Client, alice: User) -> None:
    app_of(alice)
    with clock.at(NOON):
        _password(client, alice)
    for minute, text in enumerate(("", "١٢٣٤٥٦", "０００００００", "x" * 5000, "\x00", "0" * 8, "-1")):
        with clock.at(NOON + timedelta(minutes=minute)):
            assert client.post(STEP, {"code": text}).status_code == 401, text
    with clock.at(NOON + timedelta(minutes=10)):
        assert client.post(STEP).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_one_code_in_four_browsers_at_once_opens_one(alice: User) -> None:
    secret = app_of(alice)
    code = code_of(secret)
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        _password(browser, alice)

    def show(browser: Client) -> int:
        try:
            return browser.post(STEP, {"code": code}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as at_once:
        answers = list(at_once.map(show, browsers))
    assert sorted(answers) == [302, 401, 401, 401]


def test_a_new_password_meanwhile_sends_back_to_the_first_step(client: Client, alice: User) -> None:
    secret = app_of(alice)
    _password(client, alice)
    set_password(alice, password="quite another long one", by=alice)
    assert client.post(STEP, {"code": code_of(secret)}).headers["Location"] == "/sign-in"


def test_somebody_who_left_meanwhile_stays_out(client: Client, alice: User) -> None:
    secret = app_of(alice)
    _password(client, alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.post(STEP, {"code": code_of(secret)}).headers["Location"] == "/sign-in"


def test_broken_glass_is_told_of_after_the_code_too(client: Client, alice: User, bob: User) -> None:
    secret = app_of(alice)
    User.objects.filter(pk=alice.pk).update(break_glass=True)
    SecurityPolicy.objects.create(pk=1, password_sign_in=False)
    _password(client, alice)
    assert not AuditEntry.objects.filter(action="sign_in.break_glass").exists()
    assert client.post(STEP, {"code": code_of(secret)}).status_code == 302
    assert AuditEntry.objects.filter(action="sign_in.break_glass", actor_id=alice.pk).count() == 1


def test_in_a_demo_one_click_stays_enough(client: Client, alice: User) -> None:
    Installation.objects.create(pk=1, demo=True)
    app_of(alice)
    assert client.post(f"/sign-in/as/{alice.pk}").headers["Location"] == "/"
    assert _is_in(client)


HOSTILE = (
    "",
    "null",
    "[]",
    "{}",
    "7",
    "[" * 90_000,
    '{"id": 1}',
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": []}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": 3}}),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "\x00"},
        }
    ),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
        }
    ),
)


def test_nonsense_in_place_of_a_passkey_is_refused_calmly(
    client: Client, alice: User, sign_in: Callable[[User], Client]
) -> None:
    app_of(alice)
    waits, inside = Client(), sign_in(alice)
    _password(waits, alice)
    for text in HOSTILE:
        assert client.post("/sign-in/passkey/options").status_code == 200
        answer = client.post("/sign-in/passkey", {"credential": text})
        assert answer.headers["Location"] == "/sign-in?refused=passkey", text
        assert waits.post(f"{STEP}/passkey", {"credential": text}).status_code == 401
        assert inside.post("/sign-in/again", {"credential": text}).status_code == 401
        assert inside.post("/settings/second-factor/passkeys/options").status_code == 200
        assert inside.post("/settings/second-factor/passkeys", {"credential": text}).status_code == 422
