"""The doctor says what is bad and what to do, and nothing that is not so."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from postroom.channels.mail.models import NO_TLS, Source
from postroom.core.accounts.models import OWNER, Installation, Mailbox, SecurityPolicy, User
from postroom.lib.sealing import seal
from postroom.wiring.doctor import BAD, examine


def _findings(capsys: pytest.CaptureFixture[str]) -> dict[str, list[tuple[str, str]]]:
    code = examine(as_json=True)
    found: dict[str, list[tuple[str, str]]] = {}
    for one in json.loads(capsys.readouterr().out):
        found.setdefault(one["about"], []).append((one["state"], one["sentence"]))
    assert code == any(state == BAD for rows in found.values() for state, _sentence in rows)
    return found


def test_a_fresh_team_hears_what_could_be_better(
    alice: User, mailbox: Mailbox, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    User.objects.filter(pk=alice.pk).update(role=OWNER)
    found = _findings(capsys)
    assert "Nobody has to have one" in found["Second factor"][0][1]
    assert "Alice" in found["Second factor"][1][1]
    assert "There is one" in found["Owners"][0][1]
    assert found["Database"][0][0] == "good"


def test_what_is_bad_is_called_so_with_what_to_do(
    alice: User, mailbox: Mailbox, capsys: pytest.CaptureFixture[str], settings: Settings, tmp_path: Path
) -> None:
    settings.POSTROOM_HOST = "0.0.0.0"
    settings.DEBUG = True
    settings.POSTROOM_DATA = tmp_path
    (tmp_path / "secret.key").write_text("x")
    (tmp_path / "secret.key").chmod(0o644)
    Installation.objects.create(pk=1, demo=True)
    SecurityPolicy.objects.create(pk=1, password_sign_in=False, allowed_hosts=["10.0.0.0/8"])
    sealed = seal("x", key=b"wUmVVWnCE1gbuXDyMTW3EkyvQmtZSKn0F0HKsLNxCvo=")
    Source.objects.create(mailbox=mailbox, host="mail.example", port=143, security=NO_TLS, sealed_password=sealed)
    found = _findings(capsys)
    assert found["The way in"][0] == (
        BAD,
        "Pages are served on 0.0.0.0 without TLS: passwords can be read on the way. See docs/running.md.",
    )
    assert found["Faults"][0][0] == BAD
    assert f"chmod 600 {tmp_path / 'secret.key'}" in [words for _state, words in found["Files"]][-1]
    assert "1 of 1 cannot be opened" in found["Secrets"][0][1]
    assert "10.0.0.0/8" in found["Hosts inside"][0][1]
    assert "mail.example" in found["Mail servers"][0][1]
    assert found["Break glass"][0][0] == BAD
    assert "demo" in found["Demo"][0][1]


def test_it_is_read_by_people_too(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    examine(as_json=False)
    assert "  ok  Mail servers" in capsys.readouterr().out
