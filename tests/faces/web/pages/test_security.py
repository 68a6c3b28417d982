"""The rules of signing in, and the networks that people may come from."""

from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.actions.policy import allow_everywhere
from postroom.core.accounts.models import ADMIN, SecurityPolicy, User
from postroom.core.accounts.policy import policy
from postroom.core.audit.models import AuditEntry
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Event
from tests.people import PASSWORD, browser_of

SignIn = Callable[[User], Client]
OFFICE = "203.0.113.7"
_ON = dict.fromkeys(("api_tokens", "answers_by_mail", "words_in_letters"), "on")


def _form(**changed: str) -> dict[str, str]:
    usual = {"second_factor": "nobody", "second_factor_by": "", "session_days": "30"}
    return {**usual, "session_idle_minutes": "", "allow_list": "", **_ON, **changed}


def test_an_admin_sets_the_rules_and_the_audit_log_says_what_was_before(
    alice: User, bob: User, sign_in: SignIn
) -> None:
    User.objects.filter(pk=bob.pk).update(role=ADMIN)
    admin = sign_in(User.objects.get(pk=bob.pk))
    rules = _form(second_factor="managers", second_factor_by="2026-12-31", session_days="7", session_idle_minutes="45")
    assert admin.post("/settings/security", rules).status_code == 302
    page = admin.get("/settings/security").content.decode()
    for value in ("2026-12-31", 'value="7"', 'value="45"', 'value="managers" selected'):
        assert value in page
    entry = AuditEntry.objects.get(action="security.changed")
    assert entry.actor_id == bob.pk
    assert entry.before == {
        "second_factor": "nobody",
        "second_factor_by": None,
        "session_days": 30,
        "session_idle_minutes": 0,
    }
    assert entry.after["second_factor_by"] == "2026-12-31"
    assert Event.objects.filter(kind="security.changed").count() == 1
    # A second time nothing changes, and nothing is written.
    assert admin.post("/settings/security", rules).status_code == 302
    assert AuditEntry.objects.filter(action="security.changed").count() == 1


def test_an_owner_says_whether_letters_may_be_answered_and_what_they_say(alice: User, sign_in: SignIn) -> None:
    owner = sign_in(alice)
    assert owner.post("/settings/security", _form(answers_by_mail="", words_in_letters="")).status_code == 302
    assert (policy().answers_by_mail, policy().words_in_letters) == (False, False)
    entry = AuditEntry.objects.get(action="security.changed")
    assert entry.before == {"answers_by_mail": True, "words_in_letters": True}
    page = owner.get("/settings/security").content.decode()
    assert 'name="answers_by_mail" >' in page
    assert 'name="api_tokens" checked>' in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"second_factor": "somebody"}, "Choose one of the three."),
        ({"second_factor_by": "tomorrow"}, "This is not a day."),
        ({"session_days": "0"}, "from 1 to 365"),
        ({"session_days": "366"}, "from 1 to 365"),
        ({"session_days": ""}, "This is needed."),
        ({"session_days": "\u0663"}, ""),
        ({"session_days": "9" * 400}, "Write a whole number."),
        ({"session_idle_minutes": "4"}, "from 5 to 10080"),
        ({"session_idle_minutes": "-5"}, "Write a whole number."),
        ({"allow_list": "127.0.0.1\nthe office"}, "“the” is no network"),
        ({"allow_list": "127.0.0.1/33"}, "is no network"),
        ({"allow_list": "\n".join(f"127.{n}.0.0/16" for n in range(201))}, "too many networks"),
        ({"allow_list": OFFICE}, "You come from 127.0.0.1, which is in none of these networks"),
        ({"allow_list": "<script>alert(1)</script>"}, "is no network"),
    ],
)
def test_rules_that_make_no_sense_are_refused_with_a_sentence(
    alice: User, sign_in: SignIn, changed: dict[str, str], sentence: str
) -> None:
    answer = sign_in(alice).post("/settings/security", _form(**changed))
    page = answer.content.decode()
    assert "<script>alert" not in page
    if sentence:
        assert answer.status_code == 422
        assert sentence in page
        assert policy().allow_list == []


def test_only_who_may_change_the_rules_sees_them(bob: User, sign_in: SignIn, client: Client) -> None:
    assert sign_in(bob).get("/settings/security").status_code == 404
    assert sign_in(bob).post("/settings/security", _form()).status_code == 404
    assert client.get("/settings/security").status_code == 302


def test_from_other_networks_there_is_one_page_whatever_is_asked_for(alice: User) -> None:
    owner = browser_of(alice)
    owner.defaults["REMOTE_ADDR"] = OFFICE
    allowed = "203.0.113.0/24, 2001:db8:12::/48"
    assert owner.post("/settings/security", _form(allow_list=allowed)).status_code == 302
    assert policy().allow_list == ["203.0.113.0/24", "2001:db8:12::/48"]
    assert owner.get("/settings/security").status_code == 200
    inside = Client(REMOTE_ADDR="2001:db8:12::9")
    assert inside.get("/sign-in").status_code == 200
    outside = Client(REMOTE_ADDR="198.51.100.1")
    outside.cookies = owner.cookies
    for url in ("/", "/sign-in", "/settings", "/no/such/page", "/robots.txt", "/favicon.ico", "/conversations/1"):
        answer = outside.get(url)
        assert answer.status_code == 403
        assert "198.51.100.1" in answer.content.decode()
    asked = outside.post("/sign-in", {"email": alice.email, "password": PASSWORD})
    assert asked.status_code == 403
    fragment = outside.get("/sidebar", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert outside.get("/health").status_code in (200, 503)
    # Read to its end, which closes the file.
    assert b"<svg" in b"".join(outside.get("/static/postroom/mark.svg"))
    french = outside.get("/", headers={"Accept-Language": "fr"}).content.decode()
    assert '<html lang="fr"' in french


def test_whoever_writes_a_header_of_their_own_comes_from_where_they_are(alice: User) -> None:
    SecurityPolicy.objects.create(pk=1, allow_list=["203.0.113.0/24"])
    mallory = Client(REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR=OFFICE)
    assert mallory.get("/sign-in").status_code == 403
    # The usual proxy, on this machine.
    assert Client(HTTP_X_FORWARDED_FOR=OFFICE).get("/sign-in").status_code == 200
    assert Client(HTTP_X_FORWARDED_FOR=f"{OFFICE}, 198.51.100.1").get("/sign-in").status_code == 403
    assert Client(HTTP_X_FORWARDED_FOR="nonsense").get("/sign-in").status_code == 403


def test_the_list_is_switched_off_on_the_server(alice: User) -> None:
    SecurityPolicy.objects.create(pk=1, allow_list=["203.0.113.0/24"])
    assert Client().get("/sign-in").status_code == 403
    assert allow_everywhere(by=SYSTEM, reason="The office moved.") == ("203.0.113.0/24",)
    assert Client().get("/sign-in").status_code == 200
    entry = AuditEntry.objects.get(action="security.changed")
    assert (entry.actor_kind, entry.before, entry.reason) == (
        "system",
        {"allow_list": ["203.0.113.0/24"]},
        "The office moved.",
    )
    assert allow_everywhere(by=SYSTEM, reason="") == ()
