"""The key that seals passwords and tokens can be changed, and nothing is lost on the way."""

import json
import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from pytest_django import Settings

from postroom.channels.mail.models import Source
from postroom.core.accounts.models import Mailbox, User
from postroom.lib.sealing import SealBroken, is_newest, seal, unseal
from postroom.wiring import keys, secrets
from tests.servers.postroom import Installation

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()
BOTH = NEW + b"," + OLD

# What sounds like a secret and is none, or is kept as a digest that nobody can turn back.
_NO_SECRETS = {
    "postroom_accounts.User.password",  # Argon2
    "postroom_accounts.SecurityPolicy.password_sign_in",  # yes or no
    "postroom_accounts.SecurityPolicy.api_tokens",  # yes or no
    "postroom_mail.OAuthClient.token_url",  # where tokens are asked for
    "postroom_mail.OAuthClient.secret_expires_on",  # a date
    "postroom_conversations.Message.client_token",  # tells two clicks on Send from two replies
}
_SOUNDS_SECRET = re.compile(r"password|secret|token|private|seed|passphrase")


def test_several_keys_open_what_any_has_sealed_and_seal_with_the_newest() -> None:
    before = seal("a b c", key=OLD)
    assert unseal(before, key=BOTH) == "a b c"
    assert not is_newest(before, key=BOTH)
    after = seal("a b c", key=BOTH)
    assert unseal(after, key=NEW) == "a b c"
    with pytest.raises(SealBroken):
        unseal(after, key=OLD)


def test_everything_is_sealed_anew_and_what_nobody_can_open_is_left_and_named(
    mailbox: Mailbox, settings: Settings
) -> None:
    good = Source.objects.create(mailbox=mailbox, host="a.example", port=993, sealed_password=seal("one", key=OLD))
    lost = seal("two", key=Fernet.generate_key())
    bad = Source.objects.create(mailbox=mailbox, host="b.example", port=993, sealed_password=lost)
    settings.POSTROOM_KEY = BOTH
    done = secrets.reseal()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert unseal(good.sealed_password, key=NEW) == "one"
    assert bad.sealed_password == lost
    assert (done.anew, len(done.broken)) == (1, 1)
    assert f"{bad.pk}, sealed_password" in done.broken[0]
    assert secrets.reseal().anew == 0


def test_a_second_factors_seed_is_sealed_anew_too(alice: User, settings: Settings) -> None:
    factors = apps.get_model("mfa", "Authenticator")
    row = factors._default_manager.create(user=alice, type="totp", data={"secret": seal("SEED", key=OLD), "x": 1})
    settings.POSTROOM_KEY = BOTH
    assert secrets.reseal().anew == 1
    row.refresh_from_db()
    assert unseal(row.data["secret"], key=NEW) == "SEED"
    assert row.data["x"] == 1


def test_every_field_that_keeps_a_secret_says_so_in_its_name() -> None:
    named = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label.startswith("postroom_")
        for field in model._meta.concrete_fields
        if _SOUNDS_SECRET.search(field.name) and not field.name.startswith(secrets.SEALED)
    }
    assert named <= _NO_SECRETS, "seal it and call it sealed_…, so that a new key seals it too, or say why not"
    assert secrets.sealed_fields()


def test_a_change_that_is_cut_off_leaves_a_key_that_opens_everything(tmp_path: Path) -> None:
    first = keys.secret(tmp_path)
    keys.begin_change(tmp_path)
    newer, older = keys.ring(tmp_path)
    assert older == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    keys.end_change(tmp_path)
    assert keys.ring(tmp_path) == [newer]


def test_the_command_changes_the_key_in_two_steps(installation: Installation, tmp_path: Path) -> None:
    place = Installation(
        tmp_path, installation.environment | {"POSTROOM_DATA": str(tmp_path / "data"), "POSTROOM_DATABASE_URL": ""}
    )
    assert place.command("migrate").returncode == 0
    early = place.command("secrets", "rotate", "--finish")
    assert (early.returncode, b"Begin with" in early.stderr) == (1, True)
    assert b"Restart Postroom" in place.command("secrets", "rotate").stdout
    again = place.command("secrets", "rotate")
    assert (again.returncode, b"already" in again.stderr) == (1, True)
    asked = json.loads(place.command("doctor", "--security", "--json").stdout)
    assert any("A change of the key was begun" in finding["sentence"] for finding in asked)
    assert b"The old key is gone" in place.command("secrets", "rotate", "--finish").stdout
    assert len((tmp_path / "data" / "secret.key").read_text().split()) == 1
