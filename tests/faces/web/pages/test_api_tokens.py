"""The page of API tokens: each is made once, shown once, and ended by its person or by who keeps the people."""

import re
from collections.abc import Callable

from django.test import Client

from postroom.core.accounts.models import ApiToken, Letter, SecurityPolicy, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.deactivate import deactivate
from postroom.core.events.models import Event

SignIn = Callable[[User], Client]
_PAGE = "/settings/tokens"
_FORM = {"name": " Nightly  report ", "scope": "read", "days": "30"}


def _made(browser: Client, **form: str) -> str:
    answer = browser.post(_PAGE, {**_FORM, **form})
    assert answer.headers["Cache-Control"] == "no-store"
    (shown,) = set(re.findall(r"postroom_api_[\w-]{43}", answer.content.decode()))
    return str(shown)


def _me(token: str) -> int:
    return Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_is_shown_once_used_and_ended(bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    shown = _made(browser)
    page = browser.get(_PAGE).content.decode()
    assert "Nightly report" in page
    assert "not used yet" in page
    assert shown not in page
    assert shown not in str([*AuditEntry.objects.values(), *Event.objects.values(), *ApiToken.objects.values()])
    assert _me(shown) == 200
    assert "This machine" in browser.get(_PAGE).content.decode()
    for _twice in range(2):
        assert browser.post(f"{_PAGE}/{ApiToken.objects.get().pk}/end").status_code == 302
    assert _me(shown) == 401
    said = AuditEntry.objects.filter(action__startswith="api_token.").order_by("pk")
    assert list(said.values_list("action", flat=True)) == ["api_token.made", "api_token.ended"]
    # Made is worth a letter; ended by oneself is not.
    assert Letter.objects.get().to == bob.email


def test_what_makes_no_sense_makes_no_token_and_is_said(bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    for form, sentence in (
        ({"name": " \t"}, "Type a name"),
        ({"scope": "everything"}, "Choose one of the two."),
        ({"days": "3650"}, "Choose how long"),
        ({"days": ""}, "Choose how long"),
    ):
        answer = browser.post(_PAGE, {**_FORM, **form})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_browser_that_was_left_open_makes_no_token_but_shows_and_ends_them(bob: User, sign_in: SignIn) -> None:
    _made(sign_in(bob))
    left = Client()
    left.force_login(bob)
    assert left.post(_PAGE, _FORM).headers["Location"].startswith("/sign-in/again")
    assert left.get(_PAGE).status_code == 200
    left.post(f"{_PAGE}/{ApiToken.objects.get().pk}/end")
    assert ApiToken.objects.get().ended_at is not None


def test_who_keeps_the_people_sees_and_ends_a_colleagues_and_they_are_told(
    alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    shown = _made(sign_in(bob))
    owner, number = sign_in(alice), ApiToken.objects.get().pk
    assert "1 API token" in owner.get(f"/settings/people/{bob.pk}").content.decode()
    assert "Nightly report" in owner.get(f"/settings/people/{bob.pk}/sessions").content.decode()
    place = f"/settings/people/{bob.pk}/tokens/{number}/end"
    # Neither a colleague without that role, nor as the token of somebody else.
    assert sign_in(charlie).post(place).status_code == 404
    owner.post(f"/settings/people/{charlie.pk}/tokens/{number}/end")
    owner.post(f"{_PAGE}/{number}/end")
    assert _me(shown) == 200
    owner.post(place)
    assert _me(shown) == 401
    assert Letter.objects.filter(to=bob.email).count() == 2


def test_a_deactivated_persons_tokens_end_with_them(alice: User, bob: User, sign_in: SignIn) -> None:
    shown = _made(sign_in(bob))
    deactivate(bob, hand_to=None, by=alice)
    assert _me(shown) == 401
    assert ApiToken.objects.get().ended_at is not None


def test_the_owner_switches_tokens_off_and_on(alice: User, bob: User, sign_in: SignIn) -> None:
    shown, owner = _made(sign_in(bob)), sign_in(alice)
    rules = {"second_factor": "nobody", "session_days": "30", "session_idle_minutes": "", "allow_list": ""}
    owner.post("/settings/security", rules)
    assert not SecurityPolicy.objects.get().api_tokens
    assert _me(shown) == 403
    answer = sign_in(bob).post(_PAGE, _FORM)
    assert answer.status_code == 422
    assert "switched API tokens off" in answer.content.decode()
    owner.post("/settings/security", {**rules, "api_tokens": "on"})
    assert _me(shown) == 200
