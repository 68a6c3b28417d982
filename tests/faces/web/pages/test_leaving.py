"""Going and coming back, on the pages."""

from collections.abc import Callable

from django.test import Client

from postroom.core.accounts.models import ADMIN, Mailbox, Team, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.models import Conversation
from postroom.core.events.actor import SYSTEM

SignIn = Callable[[User], Client]


def test_the_page_shows_the_work_and_gives_it_on_and_every_session_ends(
    alice: User, bob: User, mailbox: Mailbox, desk_with_mail: None, sign_in: SignIn
) -> None:
    conversation = Conversation.objects.get()
    assign(conversation, to=bob, by=SYSTEM)
    team = Team.objects.create(name="Workshop")
    owner, leaver = sign_in(alice), sign_in(bob)
    assert leaver.get("/settings/profile").status_code == 200
    path = f"/settings/people/{bob.pk}/leaving"
    page = owner.get(path).content.decode()
    assert "One conversation is theirs" in page
    assert f'value="user-{alice.pk}"' in page
    assert f'value="team-{team.pk}"' in page
    assert f'value="user-{bob.pk}"' not in page
    assert owner.post(path, {"to": "user-99999"}).status_code == 422
    for _click in range(2):
        assert owner.post(path, {"to": f"user-{alice.pk}"}).status_code == 302
    conversation.refresh_from_db()
    assert conversation.assignee == alice
    assert leaver.get("/settings/profile").status_code == 302
    assert "Deactivated" in owner.get("/settings/people").content.decode()
    assert f'value="user-{bob.pk}"' not in owner.get(f"/conversations/{conversation.pk}").content.decode()
    assert owner.post(f"/settings/people/{bob.pk}/reactivation").status_code == 302
    # An old cookie does not come back to life.
    assert leaver.get("/settings/profile").status_code == 302
    assert sign_in(bob).get(f"/conversations/{conversation.pk}").status_code == 200


def test_nobody_lets_themselves_go_or_somebody_above_them(
    alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    owner = sign_in(alice)
    mine = owner.post(f"/settings/people/{alice.pk}/leaving")
    assert (mine.status_code, alice.is_active) == (422, True)
    bob.role = ADMIN
    bob.save()
    assert sign_in(bob).post(f"/settings/people/{alice.pk}/leaving").status_code == 403
    assert sign_in(charlie).post(f"/settings/people/{bob.pk}/leaving").status_code == 404
    assert sign_in(charlie).post(f"/settings/people/{bob.pk}/reactivation").status_code == 404
    assert User.objects.filter(is_active=True).count() == 3
