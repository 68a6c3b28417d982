"""The pages about rights: roles, access of a mailbox, what a person sees and why, and who may open which settings."""

from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.actions.access import grant
from postroom.core.accounts.actions.roles import add_role, give_role
from postroom.core.accounts.actions.teams import add_team
from postroom.core.accounts.models import (
    ADMIN,
    AGENT,
    ANSWERING,
    MANAGING,
    OBSERVER,
    OWNER,
    SEEING,
    SUPERVISOR,
    Grant,
    Mailbox,
    Role,
    Team,
    User,
)
from postroom.core.accounts.permissions import NOTE, level_on
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.models import Conversation
from postroom.lib import clock
from tests.faces.web.inbox.conftest import write

SignIn = Callable[[User], Client]


def _has(user: User, role: str) -> User:
    User.objects.filter(pk=user.pk).update(role=role)
    return User.objects.get(pk=user.pk)


def test_access_is_given_and_taken_on_one_page_with_the_reason(
    alice: User, bob: User, charlie: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    team = add_team(name="Workshop", members=[charlie], by=alice)
    browser, url = sign_in(alice), f"/settings/mailboxes/{mailbox.pk}/access"
    changed = {f"team-{team.pk}": ":1", f"person-{bob.pk}": "2:3", f"person-{alice.pk}": "2:2"}
    assert browser.post(url, changed).status_code == 302
    levels = [level_on(user, mailbox.pk) for user in (alice, bob, charlie)]
    assert levels == [ANSWERING, MANAGING, SEEING]
    page = browser.get(url).content.decode()
    assert "through the team Workshop" in page
    assert "own grant" in page
    browser.post(url, {f"person-{charlie.pk}": ":2"})
    assert "own grant, goes before the team’s" in browser.get(url).content.decode()
    assert AuditEntry.objects.filter(action="mailbox.access").count() == 3


def test_two_who_save_the_same_page_each_change_what_they_changed(
    alice: User, bob: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    browser, url = sign_in(alice), f"/settings/mailboxes/{mailbox.pk}/access"
    browser.post(url, {f"person-{bob.pk}": "2:1"})
    # A page from before that, saved with another change.
    browser.post(url, {f"person-{bob.pk}": "2:2", f"person-{alice.pk}": "2:3"})
    assert (level_on(bob, mailbox.pk), level_on(alice, mailbox.pk)) == (SEEING, MANAGING)


def test_what_a_person_sees_is_on_one_page_with_role_and_teams(
    alice: User, bob: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    add_team(name="Workshop", members=[bob], by=alice)
    bob = _has(bob, OBSERVER)
    page = sign_in(alice).get(f"/settings/people/{bob.pk}/access").content.decode()
    for words in ("What Bob can see, and why", mailbox.address, "Observer", "Write notes", "Workshop"):
        assert words in page
    assert "only reads and writes notes" in page


def test_sensitive_conversations_of_a_person_are_numbers_for_who_breaks_the_glass_and_a_count_for_others(
    alice: User, bob: User, charlie: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    conversation = write(mailbox, subject="About Charlie")
    mark_sensitive(conversation, people=[bob], by=alice)
    own = add_role(name="Staff office", permissions=["people"], by=alice)
    give_role(charlie, role="custom", custom_role=own, by=alice)
    for reader, numbered in ((alice, True), (User.objects.get(pk=charlie.pk), False)):
        page = sign_in(reader).get(f"/settings/people/{bob.pk}/access").content.decode()
        assert ("Sees 1, in which" in page, f"#{conversation.pk}<" in page) == (True, numbered)
        assert "About Charlie" not in page
    assert "Named in none" in sign_in(alice).get(f"/settings/people/{charlie.pk}/access").content.decode()


def test_a_role_is_given_on_that_page_and_the_last_owner_stays(alice: User, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    assert browser.post(f"/settings/people/{bob.pk}/role", {"role": SUPERVISOR}).status_code == 302
    assert User.objects.get(pk=bob.pk).role == SUPERVISOR
    refused = browser.post(f"/settings/people/{alice.pk}/role", {"role": AGENT})
    assert (refused.status_code, "the last owner" in refused.content.decode()) == (422, True)
    own = add_role(name="Nights", permissions=[NOTE], by=alice)
    assert browser.post(f"/settings/people/{bob.pk}/role", {"role": f"own-{own.pk}"}).status_code == 302
    assert User.objects.get(pk=bob.pk).custom_role == own
    for role in ("own-999999", "own-x", "emperor", ""):
        assert browser.post(f"/settings/people/{bob.pk}/role", {"role": role}).status_code == 422


def test_an_administrator_is_offered_no_owners_role_and_cannot_send_it(
    alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    browser = sign_in(_has(bob, ADMIN))
    assert f'value="{OWNER}"' not in browser.get(f"/settings/people/{charlie.pk}/access").content.decode()
    assert browser.post(f"/settings/people/{charlie.pk}/role", {"role": OWNER}).status_code == 422
    assert browser.post(f"/settings/people/{bob.pk}/role", {"role": OWNER}).status_code == 422
    assert browser.post(f"/settings/people/{alice.pk}/role", {"role": AGENT}).status_code == 422
    assert set(User.objects.filter(role=OWNER)) == {alice}


def test_roles_are_made_changed_and_deleted(alice: User, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    assert browser.post("/settings/roles", {"name": "Nights", "permissions": ["note"]}).status_code == 302
    role = Role.objects.get()
    url = f"/settings/roles/{role.pk}"
    assert browser.post(url, {"name": "Late", "permissions": ["note", "answer"]}).status_code == 302
    role.refresh_from_db()
    assert (role.name, role.permissions) == ("Late", ["answer", "note"])
    assert browser.post(url, {"name": "Late", "permissions": ["owners"]}).status_code == 422
    give_role(bob, role="custom", custom_role=role, by=alice)
    assert "Late" in browser.get("/settings/roles").content.decode()
    assert browser.post(url, {"_method": "delete"}).status_code == 409
    give_role(bob, role=AGENT, by=alice)
    assert browser.post(url, {"_method": "delete"}).status_code == 302
    assert not Role.objects.exists()


def test_a_team_is_deleted_and_its_work_is_free(alice: User, mailbox: Mailbox, sign_in: SignIn) -> None:
    team = add_team(name="Workshop", by=alice)
    conversation = write(mailbox)
    assign(conversation, to=team, by=alice)
    browser, url = sign_in(alice), f"/settings/teams/{team.pk}"
    assert "1 conversation" in browser.get(url).content.decode()
    assert browser.post(url, {"_method": "delete"}).status_code == 302
    assert not Team.objects.exists()
    assert Conversation.objects.get(pk=conversation.pk).team_id is None
    assert browser.post(url, {"_method": "delete"}).status_code == 404


def test_a_deactivated_member_stays_in_a_team_whose_members_are_saved(
    alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    team = add_team(name="Workshop", members=[bob], by=alice)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    sign_in(alice).post(f"/settings/teams/{team.pk}", {"name": "Workshop", "members": [charlie.pk]})
    assert set(team.members.all()) == {bob, charlie}


# What each role opens of the settings.
_PAGES = {
    "/settings/people/{person}/access": {OWNER, ADMIN},
    "/settings/people/new": {OWNER, ADMIN},
    "/settings/roles": {OWNER, ADMIN},
    "/settings/teams": {OWNER, ADMIN, SUPERVISOR},
    "/settings/mailboxes": {OWNER, ADMIN},
    "/settings/mailboxes/new": {OWNER, ADMIN},
    "/settings/mailboxes/{mailbox}": {OWNER, ADMIN},
    "/settings/mailboxes/{mailbox}/access": {OWNER, ADMIN},
    "/settings/mail-providers": {OWNER, ADMIN},
}


def test_each_page_is_there_for_whose_role_needs_it(alice: User, bob: User, mailbox: Mailbox, sign_in: SignIn) -> None:
    for role in (ADMIN, SUPERVISOR, AGENT, OBSERVER):
        browser = sign_in(_has(bob, role))
        for page, roles in _PAGES.items():
            address = page.format(person=alice.pk, mailbox=mailbox.pk)
            assert browser.get(address).status_code == (200 if role in roles else 404), (role, page)


def test_who_manages_one_mailbox_opens_the_settings_of_that_one_only(
    alice: User, bob: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    other = Mailbox.objects.create(name="Staff", address="staff@velo.example")
    grant(mailbox, user=bob, level=MANAGING, by=alice)
    browser = sign_in(bob)
    page = browser.get("/settings/mailboxes").content.decode()
    assert ("support@velo.example" in page, "staff@velo.example" in page) == (True, False)
    for end in ("", "/sending", "/history", "/deliverability", "/access"):
        assert browser.get(f"/settings/mailboxes/{mailbox.pk}{end}").status_code == 200, end
        assert browser.get(f"/settings/mailboxes/{other.pk}{end}").status_code == 404, end
    assert browser.get("/settings/mailboxes/new").status_code == 404
    assert browser.get("/settings/mail-providers").status_code == 404
    # They see who is let in, and do not change it.
    refused = browser.post(f"/settings/mailboxes/{mailbox.pk}/access", {f"person-{bob.pk}": "3:1"})
    assert refused.status_code == 403
    assert Grant.objects.get(user=bob).level == MANAGING


def test_who_keeps_all_mailboxes_takes_no_mail_out_of_one_they_are_not_let_into(
    bob: User, charlie: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    url = f"/settings/mailboxes/{mailbox.pk}/history/everything.mbox"
    assert sign_in(_has(charlie, ADMIN)).get(url).status_code == 403
    assert sign_in(_has(bob, ADMIN)).get(url).status_code == 200
    assert sign_in(_has(charlie, ADMIN)).get(f"/mailboxes/{mailbox.pk}/ledger").status_code == 404


@pytest.mark.parametrize("path", ["/settings/roles", "/settings/people/{bob}/role", "/settings/mailboxes/{box}/access"])
def test_a_browser_that_was_left_open_is_asked_again(path: str, alice: User, bob: User, mailbox: Mailbox) -> None:
    browser = Client()
    browser.force_login(alice)
    answer = browser.post(path.format(bob=bob.pk, box=mailbox.pk), {"name": "Nights", "role": ADMIN, "person-1": ":3"})
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/again")
    assert (Role.objects.count(), User.objects.get(pk=bob.pk).role, clock.now() is None) == (0, AGENT, False)
