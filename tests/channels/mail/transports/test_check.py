import ssl
from dataclasses import replace
from typing import Unpack

import pytest
from pytest_django import Settings

from postroom.channels.mail.models import NO_TLS, STARTTLS, TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.check import CheckFailed, check_imap, check_smtp
from tests.channels.mail.transports.server_changes import ServerChanges
from tests.servers import dovecot as dovecot_server
from tests.servers import smtp_sink as sink_server
from tests.servers.dovecot import Dovecot
from tests.servers.processes import free_port
from tests.servers.smtp_sink import SmtpSink


def _imap(dovecot: Dovecot, **changes: Unpack[ServerChanges]) -> ServerSettings:
    return replace(ServerSettings("localhost", dovecot.tls_port, TLS, "check", dovecot_server.PASSWORD), **changes)


def _smtp(sink: SmtpSink, **changes: Unpack[ServerChanges]) -> ServerSettings:
    server = ServerSettings("localhost", sink.port, STARTTLS, sink_server.USER, sink_server.PASSWORD)
    return replace(server, **changes)


@pytest.fixture
def trusted(dovecot: Dovecot, settings: Settings) -> Dovecot:
    """Dovecot, whose authority we trust."""
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    return dovecot


@pytest.mark.dovecot
def test_good_imap_settings_say_nothing(trusted: Dovecot) -> None:
    check_imap(_imap(trusted))
    check_imap(_imap(trusted, port=trusted.port, security=STARTTLS))
    check_imap(_imap(trusted, port=trusted.port, security=NO_TLS))


@pytest.mark.dovecot
def test_a_password_beyond_ascii_is_refused_like_any_other(trusted: Dovecot) -> None:
    with pytest.raises(CheckFailed, match="refused the user name or password"):
        check_imap(_imap(trusted, password="pässwörd"))


@pytest.mark.dovecot
def test_a_wrong_imap_password_is_told_in_the_servers_words(trusted: Dovecot) -> None:
    with pytest.raises(CheckFailed, match=r"refused the user name or password \(.*Authentication failed\)"):
        check_imap(_imap(trusted, password="wrong"))


@pytest.mark.dovecot
def test_a_missing_folder_is_named(trusted: Dovecot) -> None:
    with pytest.raises(CheckFailed, match="has no folder called Ablage/Été"):
        check_imap(_imap(trusted), folder="Ablage/Été")


@pytest.mark.dovecot
def test_a_certificate_nobody_vouches_for_is_named(dovecot: Dovecot) -> None:
    with pytest.raises(CheckFailed, match="certificate of localhost is not trusted"):
        check_imap(_imap(dovecot))


@pytest.mark.dovecot
def test_a_certificate_for_another_name_is_named(trusted: Dovecot) -> None:
    with pytest.raises(CheckFailed, match="not made for this name"):
        check_imap(_imap(trusted, host="127.1"))


@pytest.mark.dovecot
def test_tls_on_the_port_without_is_named(trusted: Dovecot) -> None:
    with pytest.raises(CheckFailed, match="does not speak TLS from the start"):
        check_imap(_imap(trusted, port=trusted.port))


def test_a_name_that_does_not_exist_is_named() -> None:
    server = ServerSettings("mail.nowhere.invalid", 993, TLS, "x", "x")
    for check in (check_imap, check_smtp):
        with pytest.raises(CheckFailed, match=r"There is no server called mail\.nowhere\.invalid"):
            check(server)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "..", "exa mple"])
def test_a_name_that_cannot_exist_is_named(host: str) -> None:
    for check in (check_imap, check_smtp):
        with pytest.raises(CheckFailed, match="There is no server called"):
            check(ServerSettings(host, 993, TLS, "x", "x"))


def test_a_closed_port_is_named() -> None:
    for check in (check_imap, check_smtp):
        with pytest.raises(CheckFailed, match="nothing listens on port"):
            check(ServerSettings("localhost", free_port(), TLS, "x", "x"))


def test_good_smtp_settings_say_nothing(smtp_sink: SmtpSink, settings: Settings) -> None:
    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    check_smtp(_smtp(smtp_sink))
    check_smtp(_smtp(smtp_sink, port=smtp_sink.tls_port, security=TLS))
    check_smtp(_smtp(smtp_sink, port=smtp_sink.open_port, security=NO_TLS, username=""))
    assert not smtp_sink.received


def test_a_wrong_smtp_password_is_told_in_the_servers_words(smtp_sink: SmtpSink, settings: Settings) -> None:
    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    for password in ("wrong", "fälsch"):
        with pytest.raises(CheckFailed, match=r"refused the user name or password \(535 .*\)"):
            check_smtp(_smtp(smtp_sink, password=password))


def test_tls_towards_a_plain_smtp_port_is_named(smtp_sink: SmtpSink) -> None:
    with pytest.raises(CheckFailed, match="does not speak TLS from the start"):
        check_smtp(_smtp(smtp_sink, port=smtp_sink.open_port, security=TLS))


def test_the_ca_file_adds_to_the_machines_trust(smtp_sink: SmtpSink, settings: Settings) -> None:
    from postroom.channels.mail.transports import tls

    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    assert tls.context().verify_mode == ssl.CERT_REQUIRED
