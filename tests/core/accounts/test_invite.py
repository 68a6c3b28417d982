"""Coming to the team: asked by letter, let in once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from postroom.core.accounts.actions.accept import InvitationOver, accept, invitation_of, is_open, join_by_invitation
from postroom.core.accounts.actions.invite import Invited, invite, invite_again, withdraw
from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.actions.roles import RoleRefused
from postroom.core.accounts.models import (
    ADMIN,
    ANSWERING,
    OWNER,
    SEEING,
    Invitation,
    Letter,
    Mailbox,
    Membership,
    User,
)
from postroom.core.audit.models import AuditEntry
from postroom.lib import clock

ADDRESS = "https://desk.example/welcome/"
PASSWORD = "nine green bicycles"


def _invited(by: User, *, email: str = "dora@team.example", **options: object) -> Invited:
    return invite(email=email, name="Dora", address=ADDRESS, by=by, **options)  # type: ignore[arg-type]


def _token(invited: Invited) -> str:
    return invited.link.removeprefix(ADDRESS)


def _open(invited: Invited) -> Invitation:
    found = invitation_of(_token(invited))
    assert found is not None
    return found


def test_an_invited_person_comes_in_by_the_link_of_the_letter_once(alice: User, mailbox: Mailbox) -> None:
    made = _invited(alice, levels={mailbox: SEEING})
    letter = Letter.objects.get()
    assert (letter.to, made.link in letter.text) == ("dora@team.example", True)
    assert not made.person.is_active
    token = _token(made)
    assert token not in Invitation.objects.get().digest
    person = accept(_open(made), name="Dora Keller", password=PASSWORD)
    fresh = User.objects.get(pk=person.pk)
    assert (fresh.name, fresh.is_active, fresh.check_password(PASSWORD)) == ("Dora Keller", True, True)
    assert Membership.objects.get(user=fresh).level == SEEING
    again = _open(made)
    assert not is_open(again)
    with pytest.raises(InvitationOver):
        accept(again, name="Mallory", password="some other password")
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["mailbox.access", "person.invited", "person.joined"]
    assert token not in str(list(AuditEntry.objects.values()))


def test_the_letter_is_in_the_language_of_who_gets_it(alice: User) -> None:
    with translation.override("en"):
        _invited(alice, language="fr")
    assert User.objects.get(email="dora@team.example").language == "fr"


def test_a_link_ends_after_a_week_and_with_a_new_one_and_when_it_is_withdrawn(alice: User, mailbox: Mailbox) -> None:
    first = _invited(alice, levels={mailbox: ANSWERING})
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        assert not is_open(_open(first))
        with pytest.raises(InvitationOver):
            accept(_open(first), name="Dora", password=PASSWORD)
        second = invite_again(first.person, address=ADDRESS, by=alice)
        assert is_open(_open(second))
    assert invitation_of(_token(first)) is None
    kept = _open(second)
    assert withdraw(second.person, by=alice)
    assert not withdraw(second.person, by=alice)
    with pytest.raises(InvitationOver):
        accept(kept, name="Dora", password=PASSWORD)
    assert not User.objects.filter(email="dora@team.example").exists()
    with pytest.raises(PersonRefused):
        invite_again(second.person, address=ADDRESS, by=alice)
    assert _invited(alice).person.pk


def test_a_mistake_in_the_password_leaves_the_link_good(alice: User) -> None:
    made = _invited(alice)
    with pytest.raises(PersonRefused):
        accept(_open(made), name="Dora", password="short")
    assert accept(_open(made), name="Dora", password=PASSWORD).is_active


def test_nobody_is_invited_twice_and_nobody_is_given_more_than_the_inviter_has(alice: User, bob: User) -> None:
    bob.role = ADMIN
    bob.save()
    _invited(bob)
    for email, word in (("dora@team.example", "invited"), ("alice@team.example", "here"), ("nobody", "not a mail")):
        with pytest.raises(PersonRefused, match=word):
            _invited(bob, email=email)
    with pytest.raises(RoleRefused):
        _invited(bob, email="eve@team.example", role=OWNER)
    assert not User.objects.filter(email="eve@team.example").exists()
    assert Letter.objects.count() == 1


def test_somebody_invited_may_come_by_single_sign_on_as_well(alice: User) -> None:
    made = _invited(alice)
    assert join_by_invitation(made.person, how="oidc:acme")
    assert not join_by_invitation(made.person, how="oidc:acme")
    assert User.objects.get(pk=made.person.pk).is_active
    assert not is_open(_open(made))


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_and_a_withdrawal_at_once_one_counts(alice: User) -> None:
    made = _invited(alice)
    came: list[str] = []

    def go(what: str) -> None:
        try:
            if what == "withdraw":
                if withdraw(User.objects.get(pk=made.person.pk), by=alice):
                    came.append(what)
            else:
                accept(_open(made), name="Dora", password=PASSWORD)
                came.append(what)
        except (InvitationOver, User.DoesNotExist, AssertionError):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(what,)) for what in ("first", "second", "withdraw")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(came) == 1
    assert User.objects.filter(pk=made.person.pk, is_active=True).exists() == (came != ["withdraw"])
