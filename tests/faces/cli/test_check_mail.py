from collections.abc import Iterator

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.sending import make_signing_key
from postroom.core.accounts.models import Mailbox, User
from postroom.faces.cli.check_mail import check_mail
from tests.servers.name_server import NameServer


@pytest.fixture
def zone(settings: Settings) -> Iterator[NameServer]:
    """A name server that we ask."""
    server = NameServer.start()
    settings.POSTROOM_DNS = (server.address,)
    yield server
    server.stop()


def test_the_command_names_what_to_add(
    zone: NameServer, mailbox: Mailbox, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    key = make_signing_key(mailbox, by=alice)
    assert check_mail("support@velo.example") == 1
    said = capsys.readouterr().out
    assert 'velo.example. TXT "v=spf1 mx ~all"' in said
    assert f'{key.selector}._domainkey.velo.example. TXT "v=DKIM1; k=rsa; p={key.public_key[:237]}" "' in said


def test_an_unknown_address_is_said(mailbox: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_mail("nobody@velo.example") == 2
    assert "No mailbox" in capsys.readouterr().err
