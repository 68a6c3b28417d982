"""Whom a provider's word lets in, and whom it does not."""

from typing import Any

import pytest

from postroom.core.accounts.actions import passwordless, sign_in_providers
from postroom.core.accounts.actions.invite import invite
from postroom.core.accounts.actions.sign_on import link, recognise, unlink
from postroom.core.accounts.models import (
    OBSERVER,
    OWNER,
    Letter,
    Mailbox,
    Membership,
    SignInLink,
    SignInProvider,
    User,
)
from postroom.core.accounts.passwordless import NoWayIn, breaks_glass, may_use_password
from postroom.core.accounts.sign_on import Said, SignOnRefused
from postroom.core.audit.models import AuditEntry
from postroom.core.events.actor import SYSTEM

ACME = "https://acme.example"


def said(who: str, *, verified: bool = True, issuer: str = ACME, **more: Any) -> Said:
    usual: dict[str, Any] = {"email": f"{who.lower()}@team.example", "email_verified": verified}
    return Said(issuer=issuer, subject=f"subject-of-{who}", **(usual | more))


@pytest.fixture
def acme(db: None) -> SignInProvider:
    return SignInProvider.objects.create(kind="openid", name="Acme", issuer=ACME, client_id="postroom")


def test_a_colleague_is_found_by_a_verified_address_and_then_by_the_subject(acme: SignInProvider, bob: User) -> None:
    assert recognise(acme, said=said("Bob", email="BOB@team.example ")) == bob
    assert recognise(acme, said=said("Bob", email="other@elsewhere.example", verified=False)) == bob
    assert SignInLink.objects.get().email == "other@elsewhere.example"
    assert AuditEntry.objects.get(action="sign_in.linked").after == {"provider": "Acme", "account": "bob@team.example"}


@pytest.mark.parametrize("words", [{"verified": False}, {"email": ""}, {"email": "bob at team"}])
def test_an_address_that_is_not_verified_finds_nobody(acme: SignInProvider, bob: User, words: dict[str, Any]) -> None:
    with pytest.raises(SignOnRefused, match="My profile"):
        recognise(acme, said=said("Bob", **words))
    assert not SignInLink.objects.exists()


def test_a_subject_is_somebody_else_at_another_issuer(acme: SignInProvider, bob: User) -> None:
    recognise(acme, said=said("Bob"))
    with pytest.raises(SignOnRefused):
        recognise(acme, said=said("Bob", verified=False, issuer="https://other.example"))


def test_an_owner_is_let_in_only_by_a_link_of_their_own(acme: SignInProvider, alice: User) -> None:
    with pytest.raises(SignOnRefused, match="An owner is not recognised by address alone"):
        recognise(acme, said=said("Alice"))
    link(acme, person=alice, said=said("Alice"), by=alice)
    assert recognise(acme, said=said("Alice", verified=False)) == alice


def test_a_subject_is_linked_with_one_person_only(acme: SignInProvider, alice: User, bob: User) -> None:
    mine = link(acme, person=bob, said=said("Bob"), by=bob)
    assert link(acme, person=bob, said=said("Bob"), by=bob) == mine
    with pytest.raises(SignOnRefused, match="somebody else"):
        link(acme, person=alice, said=said("Bob"), by=alice)
    assert unlink(mine, by=bob)
    assert not unlink(mine, by=bob)
    assert [one.action for one in AuditEntry.objects.order_by("pk")] == ["sign_in.linked", "sign_in.unlinked"]


def test_a_deactivated_person_stays_out(acme: SignInProvider, bob: User) -> None:
    recognise(acme, said=said("Bob"))
    User.objects.filter(pk=bob.pk).update(is_active=False)
    with pytest.raises(SignOnRefused, match="switched off"):
        recognise(acme, said=said("Bob"))
    SignInLink.objects.all().delete()
    with pytest.raises(SignOnRefused, match="switched off"):
        recognise(acme, said=said("Bob"))


def test_somebody_new_is_let_in_only_when_newcomers_are_welcome(acme: SignInProvider, mailbox: Mailbox) -> None:
    with pytest.raises(SignOnRefused, match="Nobody here has the address"):
        recognise(acme, said=said("Dora"))
    acme.takes_newcomers, acme.newcomers_role, acme.domains = True, OBSERVER, ["team.example"]
    sign_in_providers.save_provider(acme, mailboxes=[mailbox], by=SYSTEM)
    with pytest.raises(SignOnRefused, match="not let in by Acme"):
        recognise(acme, said=said("Dora", email="dora@elsewhere.example"))
    dora = recognise(acme, said=said("Dora", name="Dora\nDean"))
    assert (dora.role, dora.name, dora.has_usable_password()) == (OBSERVER, "Dora Dean", False)
    assert Membership.objects.filter(user=dora, mailbox=mailbox).exists()
    assert recognise(acme, said=said("Dora", verified=False)) == dora


def test_an_invited_person_may_come_by_it(acme: SignInProvider, alice: User) -> None:
    invited = invite(email="dora@team.example", name="Dora", address="https://here.example/join/", by=alice).person
    assert recognise(acme, said=said("Dora")) == invited
    assert User.objects.get(pk=invited.pk).is_active


def test_passwords_go_off_only_when_there_are_other_ways_in(acme: SignInProvider, alice: User, bob: User) -> None:
    with pytest.raises(NoWayIn, match="has signed you in yet"):
        passwordless.switch_passwords(on=False, by=alice)
    link(acme, person=alice, said=said("Alice"), by=alice)
    with pytest.raises(NoWayIn, match="one owner"):
        passwordless.switch_passwords(on=False, by=alice)
    passwordless.name_glass_breakers([alice, bob], by=alice)
    alice.refresh_from_db()
    assert passwordless.switch_passwords(on=False, by=alice)
    assert not passwordless.switch_passwords(on=False, by=alice)
    assert (may_use_password(alice), may_use_password(bob)) == (True, False)
    with pytest.raises(NoWayIn, match="one owner"):
        passwordless.name_glass_breakers([], by=alice)
    with pytest.raises(NoWayIn, match="last other way in"):
        sign_in_providers.remove_provider(acme, by=alice)
    acme.enabled = False
    with pytest.raises(NoWayIn, match="last other way in"):
        sign_in_providers.save_provider(acme, by=alice)
    assert passwordless.switch_passwords(on=True, by=alice)
    assert may_use_password(bob)
    assert sign_in_providers.remove_provider(acme, by=alice)


def test_whoever_breaks_the_glass_is_written_down_and_told(acme: SignInProvider, alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(role=OWNER)
    link(acme, person=alice, said=said("Alice"), by=alice)
    passwordless.name_glass_breakers([alice], by=alice)
    assert not breaks_glass(alice)
    passwordless.switch_passwords(on=False, by=alice)
    assert breaks_glass(User.objects.get(pk=alice.pk))
    passwordless.tell_of_broken_glass(alice)
    assert Letter.objects.get().to == bob.email
    assert AuditEntry.objects.filter(action="sign_in.break_glass", actor_id=alice.pk).count() == 1


def test_the_log_tells_what_changed_about_a_provider_and_never_its_secret(acme: SignInProvider, alice: User) -> None:
    acme.client_id = "other"
    sign_in_providers.save_provider(acme, secret="very secret", by=alice)
    entry = AuditEntry.objects.get(action="sign_in.provider_changed")
    assert (entry.before, entry.after) == ({"client_id": "postroom"}, {"client_id": "other", "secret": "changed"})
    assert "very secret" not in SignInProvider.objects.get().sealed_secret
    assert not sign_in_providers.save_provider(acme, by=alice)
