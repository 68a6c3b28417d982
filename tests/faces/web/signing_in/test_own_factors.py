"""Adding and removing what one shows besides a password."""

import re
import time
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client

from postroom.core.accounts.models import Letter, SecurityPolicy, User
from postroom.core.accounts.policy import EVERYBODY
from postroom.core.accounts.second_factors import APP, CODES, PASSKEY, second_factors_of
from postroom.core.audit.models import AuditEntry
from postroom.lib.sealing import unseal
from tests.faces.web.signing_in.codes import app_of, code_of, recovery_codes_of
from tests.people import PASSWORD

HOME = "/settings/second-factor"
SignIn = Callable[[User], Client]


def _seed(page: str) -> str:
    found = re.search(r'class="seed">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def _add_app(client: Client) -> str:
    secret = _seed(client.get(f"{HOME}/app").content.decode())
    answer = client.post(f"{HOME}/app", {"code": code_of(secret)})
    assert answer.headers["Location"] == f"{HOME}/codes"
    return secret


def _passkey(user: User, name: str = "Laptop") -> Authenticator:
    return Authenticator.objects.create(user=user, type=PASSKEY, data={"name": name, "credential": {}})


def test_an_app_is_added_by_its_first_code_and_its_seed_is_sealed(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    page = client.get(f"{HOME}/app").content.decode()
    assert "<svg" in page
    secret = _seed(page)
    # Not even a session keeps it readable: sessions lie in the database.
    assert secret not in str(dict(client.session))
    assert client.post(f"{HOME}/app", {"code": "000000"}).status_code == 422
    assert client.post(f"{HOME}/app", {"code": code_of(secret)}).status_code == 302
    row = Authenticator.objects.get(user=alice, type=APP)
    assert unseal(row.data["secret"], key=settings.POSTROOM_KEY) == secret
    assert "second_factor_seed" not in client.session
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        assert secret not in str(cursor.fetchall())
    entry = AuditEntry.objects.get(action="second_factor.added")
    assert (entry.actor_id, entry.subject, entry.after) == (alice.pk, f"person:{alice.pk}", {"kind": "app"})
    assert secret not in str(AuditEntry.objects.values())
    assert Letter.objects.filter(to=alice.email).exists()


def test_the_code_that_added_the_app_opens_nothing_afterwards(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    secret = _seed(client.get(f"{HOME}/app").content.decode())
    code = code_of(secret)
    client.post(f"{HOME}/app", {"code": code})
    stranger = Client()
    stranger.post("/sign-in", {"email": alice.email, "password": PASSWORD})
    assert stranger.post("/sign-in/second-factor", {"code": code}).status_code == 401


def test_a_second_app_is_not_added_by_a_double_click(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    _add_app(client)
    assert client.get(f"{HOME}/app").headers["Location"] == HOME
    assert client.post(f"{HOME}/app", {"code": "123456"}).headers["Location"] == HOME
    assert Authenticator.objects.filter(type=APP).count() == 1


def test_recovery_codes_are_shown_once(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    _add_app(client)
    codes = recovery_codes_of(alice)
    assert len(set(codes)) == 10
    page = client.get(f"{HOME}/codes").content.decode()
    assert all(f"{code[:4]} {code[4:]}" in page for code in codes)
    assert client.get(f"{HOME}/codes").headers["Location"] == HOME
    assert not any(code in client.get(HOME).content.decode() for code in codes)
    seed = unseal(Authenticator.objects.get(type=CODES).data["seed"], key=settings.POSTROOM_KEY)
    assert re.fullmatch(r"[0-9a-f]{80}", seed)


def test_new_recovery_codes_end_the_old_ones(alice: User, sign_in: SignIn) -> None:
    app_of(alice)
    old = recovery_codes_of(alice)
    client = sign_in(alice)
    assert client.post(f"{HOME}/codes").headers["Location"] == f"{HOME}/codes"
    assert client.get(f"{HOME}/codes").status_code == 200
    assert not set(old) & set(recovery_codes_of(alice))
    assert AuditEntry.objects.filter(action="recovery_codes.made").count() == 1


def test_without_a_second_factor_there_are_no_recovery_codes(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    assert client.post(f"{HOME}/codes").status_code == 422
    assert client.get(f"{HOME}/codes").headers["Location"] == HOME


def test_the_recovery_codes_go_with_the_last_factor(alice: User, sign_in: SignIn) -> None:
    app_of(alice)
    passkey = _passkey(alice)
    client = sign_in(alice)
    client.post(f"{HOME}/app/removal")
    assert second_factors_of(alice).codes_left == 10
    client.post(f"{HOME}/passkeys/{passkey.pk}/removal")
    assert not Authenticator.objects.exists()
    assert client.post(f"{HOME}/app/removal").status_code == 302
    assert AuditEntry.objects.filter(action="second_factor.removed").count() == 2


def test_the_only_factor_stays_while_the_organisation_asks_for_one(alice: User, sign_in: SignIn) -> None:
    SecurityPolicy.objects.create(pk=1, second_factor=EVERYBODY)
    app_of(alice)
    client = sign_in(alice)
    refused = client.post(f"{HOME}/app/removal")
    assert refused.status_code == 422
    assert "your only one" in refused.content.decode()
    assert second_factors_of(alice).app_added


def test_a_passkey_is_renamed_and_nobody_elses(alice: User, bob: User, sign_in: SignIn) -> None:
    passkey = _passkey(alice)
    for client in (sign_in(bob), sign_in(alice)):
        client.post(f"{HOME}/passkeys/{passkey.pk}", {"name": f"Key of {client.session['_auth_user_id']}"})
        page = client.get(HOME).content.decode()
        assert ("Key of" in page) == (client.session["_auth_user_id"] == str(alice.pk))
    sign_in(bob).post(f"{HOME}/passkeys/{passkey.pk}/removal")
    passkey.refresh_from_db()
    assert passkey.data["name"] == f"Key of {alice.pk}"
    entry = AuditEntry.objects.get(action="second_factor.renamed")
    assert (entry.before["name"], entry.actor_id) == ("Laptop", alice.pk)


def test_a_name_is_text_and_no_markup(alice: User, sign_in: SignIn) -> None:
    passkey = _passkey(alice)
    client = sign_in(alice)
    client.post(f"{HOME}/passkeys/{passkey.pk}", {"name": "<script>alert(1)</script>\x00" + "x" * 500})
    page = client.get(HOME).content.decode()
    assert "<script>alert" not in page
    assert len(second_factors_of(alice).passkeys[0].name) <= 80


def test_an_owner_resets_a_colleagues_second_factor_and_signs_them_out(alice: User, bob: User, sign_in: SignIn) -> None:
    app_of(bob)
    owner, lost = sign_in(alice), sign_in(bob)
    page = owner.get(f"/settings/people/{bob.pk}").content.decode()
    assert "Reset their second factor" in page
    assert owner.post(f"/settings/people/{bob.pk}/second-factor").status_code == 302
    assert not Authenticator.objects.filter(user=bob).exists()
    assert lost.get("/settings/profile").status_code == 302
    entry = AuditEntry.objects.get(action="second_factor.reset")
    assert (entry.actor_id, entry.subject, entry.before) == (alice.pk, f"person:{bob.pk}", {"kinds": ["app"]})
    assert Letter.objects.filter(to=bob.email).count() == 2


def test_nobody_resets_the_second_factor_of_somebody_above_them(
    alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    app_of(alice)
    assert sign_in(bob).post(f"/settings/people/{alice.pk}/second-factor").status_code == 404
    User.objects.filter(pk=charlie.pk).update(role="admin")
    charlie.refresh_from_db()
    refused = sign_in(charlie).post(f"/settings/people/{alice.pk}/second-factor")
    assert refused.status_code == 403
    assert second_factors_of(alice).app_added


def test_without_a_fresh_proof_nothing_of_it_is_changed(alice: User, sign_in: SignIn) -> None:
    app_of(alice)
    passkey = _passkey(alice)
    client = sign_in(alice)
    session = client.session
    session["proven_at"] = time.time() - 901
    session.save()
    assert client.get(HOME).status_code == 200
    asked = (
        f"{HOME}/app",
        f"{HOME}/codes",
        f"{HOME}/app/removal",
        f"{HOME}/passkeys",
        f"{HOME}/passkeys/options",
        f"{HOME}/passkeys/{passkey.pk}",
        f"{HOME}/passkeys/{passkey.pk}/removal",
        f"/settings/people/{alice.pk}/second-factor",
        f"/settings/people/{alice.pk}/password",
    )
    before = recovery_codes_of(alice)
    for address in asked:
        assert client.post(address).headers["Location"].startswith("/sign-in/again?"), address
    assert recovery_codes_of(alice) == before
    assert second_factors_of(alice).count == 2
