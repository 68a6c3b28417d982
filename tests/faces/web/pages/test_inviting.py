"""People come by invitation, once, and whoever only opens the link changes nothing."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.models import (
    ADMIN,
    MANAGING,
    OBSERVER,
    OWNER,
    Invitation,
    Letter,
    Mailbox,
    Membership,
    SecurityPolicy,
    User,
)
from tests.faces.web.pages.hostile import HOSTILE, post

SignIn = Callable[[User], Client]
PASSWORD = "nine green bicycles"


@pytest.fixture
def owner(alice: User, sign_in: SignIn) -> Client:
    """Alice's browser."""
    assert alice.role == OWNER
    return sign_in(alice)


def _typed(mailbox: Mailbox, **changes: object) -> dict[str, object]:
    typed = {"name": "Dora", "email": "dora@team.example", "role": "agent", "language": "en"}
    return {**typed, f"level-{mailbox.pk}": MANAGING, **changes}


def _link(page: str) -> str:
    found = re.search(r'value="http://testserver(/welcome/[^"]+)"', page)
    assert found, page
    return found[1]


def _invited(owner: Client, mailbox: Mailbox, **changes: object) -> str:
    answer = owner.post("/settings/people/invitation", _typed(mailbox, **changes))
    assert answer.status_code == 200, answer.content.decode()
    return _link(answer.content.decode())


def test_from_the_form_to_the_inbox(owner: Client, mailbox: Mailbox) -> None:
    assert "You will be shown the link" in owner.get("/settings/people/invitation").content.decode()
    link = _invited(owner, mailbox, role=OBSERVER)
    assert link in Letter.objects.get().text
    page = owner.get("/settings/people").content.decode()
    assert "Invited" in page
    assert link not in page
    dora = User.objects.get(email="dora@team.example")
    assert (dora.role, dora.is_active) == (OBSERVER, False)
    assert not Membership.objects.filter(user=dora).exists()
    browser = Client()
    for _scanner in range(3):
        assert browser.head(link).status_code == 200
    shown = browser.get(link)
    assert (shown.status_code, shown["Referrer-Policy"], shown["Cache-Control"]) == (200, "strict-origin", "no-store")
    assert Invitation.objects.get().used_at is None
    refused = browser.post(link, {"name": "Dora", "password": "short"})
    assert refused.status_code == 422
    came = browser.post(link, {"name": "Dora Keller", "password": PASSWORD})
    assert (came.status_code, came["Location"]) == (302, "/")
    assert "Dora Keller" in browser.get("/settings/profile").content.decode()
    assert Membership.objects.get(user=dora).level == MANAGING


def test_a_second_click_lets_in_whoever_typed_the_password_and_nobody_else(owner: Client, mailbox: Mailbox) -> None:
    link = _invited(owner, mailbox)
    typed = {"name": "Dora", "password": PASSWORD}
    assert Client().post(link, typed).status_code == 302
    again = Client()
    assert again.post(link, typed).status_code == 302
    assert again.get("/settings/profile").status_code == 200
    mallory = Client()
    assert mallory.post(link, {"name": "Mallory", "password": "another password"}).status_code == 410
    over = mallory.get(link)
    assert (over.status_code, "used already" in over.content.decode()) == (410, True)
    assert mallory.get("/settings/profile").status_code == 302
    assert User.objects.get(email="dora@team.example").name == "Dora"


def test_a_new_link_ends_the_old_one_and_a_withdrawn_one_opens_nothing(owner: Client, mailbox: Mailbox) -> None:
    first = _invited(owner, mailbox)
    dora = User.objects.get(email="dora@team.example")
    second = _link(owner.post(f"/settings/people/{dora.pk}/invitation").content.decode())
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    for _click in range(2):
        assert owner.post(f"/settings/people/{dora.pk}/withdrawal").status_code == 302
    assert Client().post(second, {"name": "Dora", "password": PASSWORD}).status_code == 410
    assert owner.post(f"/settings/people/{dora.pk}/invitation").status_code == 404
    assert not User.objects.filter(email="dora@team.example").exists()
    assert Client().get("/welcome/whatever%00%F0%9F%98%80").status_code in (404, 410)


def test_mistakes_keep_what_was_typed(owner: Client, mailbox: Mailbox) -> None:
    for changes, word in (
        ({"email": "no address"}, "not a mail address"),
        ({"email": "alice@team.example"}, "is here already"),
        ({"role": "emperor"}, "no longer there"),
        ({f"level-{mailbox.pk}": "9"}, "no longer there"),
    ):
        answer = owner.post("/settings/people/invitation", _typed(mailbox, **changes))
        page = answer.content.decode()
        assert (answer.status_code, word in page, "Dora" in page) == (422, True, True), page
    for text in HOSTILE:
        assert post(owner, "/settings/people/invitation", _typed(mailbox, name=text)).status_code in (200, 422)
        User.objects.filter(email="dora@team.example").delete()


def test_an_admin_invites_nobody_above_them_and_an_agent_nobody(
    owner: Client, mailbox: Mailbox, alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    bob.role = ADMIN
    bob.save()
    admin = sign_in(bob)
    assert '<option value="owner"' not in admin.get("/settings/people/invitation").content.decode()
    assert admin.post("/settings/people/invitation", _typed(mailbox, role=OWNER)).status_code == 422
    _invited(owner, mailbox, role=OWNER)
    dora = User.objects.get(email="dora@team.example")
    # Whoever holds the link becomes that person.
    assert admin.post(f"/settings/people/{dora.pk}/invitation").status_code == 404
    admin.post(f"/settings/people/{dora.pk}/withdrawal")
    assert User.objects.filter(pk=dora.pk).exists()
    agent = sign_in(charlie)
    for path in ("/settings/people/invitation", f"/settings/people/{dora.pk}/invitation"):
        assert agent.post(path, _typed(mailbox, email="eve@team.example")).status_code == 404
    assert not User.objects.filter(email="eve@team.example").exists()


def test_where_nobody_has_a_password_the_link_leads_to_the_sign_on(owner: Client, mailbox: Mailbox) -> None:
    link = _invited(owner, mailbox)
    SecurityPolicy.objects.update_or_create(pk=1, defaults={"password_sign_in": False})
    page = Client().post(link, {"name": "Dora", "password": PASSWORD})
    assert "account of your organisation" in page.content.decode()
    assert not User.objects.get(email="dora@team.example").is_active
