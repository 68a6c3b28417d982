"""The servers of the tests do what the tests rely on."""

import imaplib
import smtplib
import ssl

import httpx
import ldap3
import pytest

from tests.servers import ldap as in_directory
from tests.servers.dovecot import Dovecot
from tests.servers.ldap import Directory
from tests.servers.saml import IdentityProvider
from tests.servers.smtp_sink import PASSWORD, USER, SmtpSink

_MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Hello\r\n\r\nHello\r\n"


def _deliver(sink: SmtpSink) -> None:
    context = ssl.create_default_context(cafile=str(sink.authority))
    with smtplib.SMTP("localhost", sink.port, timeout=10) as client:
        client.starttls(context=context)
        client.login(USER, PASSWORD)
        client.sendmail("a@example.org", ["b@example.org", "c@example.org"], _MAIL)


def test_the_sink_keeps_what_came_over_starttls_with_its_envelope(smtp_sink: SmtpSink) -> None:
    _deliver(smtp_sink)
    (mail,) = smtp_sink.wait_for(1)
    assert (mail.sender, mail.recipients) == ("a@example.org", ("b@example.org", "c@example.org"))
    assert (mail.user, mail.encrypted) == (USER, True)
    assert mail.message["Subject"] == "Hello"


def test_the_sink_speaks_tls_at_once_on_its_second_port(smtp_sink: SmtpSink) -> None:
    context = ssl.create_default_context(cafile=str(smtp_sink.authority))
    with smtplib.SMTP_SSL("localhost", smtp_sink.tls_port, context=context, timeout=10) as client:
        client.login(USER, PASSWORD)
        client.sendmail("a@example.org", ["b@example.org"], _MAIL)
    assert smtp_sink.wait_for(1)[0].encrypted


def test_the_sink_wants_no_sign_in_on_its_open_port(smtp_sink: SmtpSink) -> None:
    with smtplib.SMTP("localhost", smtp_sink.open_port, timeout=10) as client:
        client.sendmail("a@example.org", ["b@example.org"], _MAIL)
    assert not smtp_sink.wait_for(1)[0].encrypted


def test_the_sink_refuses_a_wrong_password(smtp_sink: SmtpSink) -> None:
    context = ssl.create_default_context(cafile=str(smtp_sink.authority))
    client = smtplib.SMTP_SSL("localhost", smtp_sink.tls_port, context=context, timeout=10)
    with client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login(USER, "wrong")


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_the_sink_refuses_where_it_is_told_to_and_only_so_often(smtp_sink: SmtpSink, stage: str) -> None:
    smtp_sink.refuse(stage, "451 4.3.0 Come back later", times=2 if stage == "RCPT" else 1)
    with pytest.raises(smtplib.SMTPException, match="Come back later"):
        _deliver(smtp_sink)
    assert not smtp_sink.received
    _deliver(smtp_sink)
    assert len(smtp_sink.received) == 1


def test_the_sink_can_keep_a_mail_and_drop_the_line(smtp_sink: SmtpSink) -> None:
    smtp_sink.drop("DATA", times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        _deliver(smtp_sink)
    assert len(smtp_sink.wait_for(1)) == 1


def test_the_sink_can_say_nothing(smtp_sink: SmtpSink) -> None:
    smtp_sink.hang("MAIL")
    with smtplib.SMTP("localhost", smtp_sink.open_port, timeout=0.5) as client:
        client.ehlo()
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            client.docmd("MAIL FROM:<a@example.org>")


@pytest.mark.dovecot
def test_dovecot_has_every_user_and_folder_asked_for(dovecot: Dovecot) -> None:
    dovecot.append("servers@example.org", _MAIL, mailbox="Archive")
    with dovecot.session("servers@example.org") as session:
        assert session.select("Archive") == ("OK", [b"1"])


@pytest.mark.dovecot
def test_dovecot_gives_a_folder_made_again_a_new_uidvalidity(dovecot: Dovecot) -> None:
    def validity() -> object:
        with dovecot.session("again@example.org") as session:
            session.select("Archive")
            return session.response("UIDVALIDITY")[1]

    dovecot.append("again@example.org", _MAIL, mailbox="Archive")
    before = validity()
    dovecot.recreate("again@example.org", mailbox="Archive")
    assert validity() != before


@pytest.mark.dovecot
def test_dovecot_comes_back_on_its_port_with_its_mail(dovecot: Dovecot) -> None:
    dovecot.append("killed@example.org", _MAIL)
    port = dovecot.tls_port
    dovecot.kill()
    with pytest.raises(OSError, match=r"."):
        imaplib.IMAP4("127.0.0.1", dovecot.port)
    dovecot.restart()
    with dovecot.session("killed@example.org") as session:
        assert session.select("INBOX") == ("OK", [b"1"])
    assert dovecot.tls_port == port


@pytest.mark.slapd
@pytest.mark.filterwarnings("ignore:ssl.match_hostname:DeprecationWarning")
def test_the_directory_lets_its_people_in_over_tls_and_starttls(directory: Directory) -> None:
    tls = ldap3.Tls(ca_certs_file=str(directory.authority), validate=ssl.CERT_REQUIRED)
    for port, at_once in ((directory.port, False), (directory.tls_port, True)):
        server = ldap3.Server("localhost", port, use_ssl=at_once, tls=tls)
        for password, right in ((in_directory.PASSWORD, True), ("wrong", False)):
            connection = ldap3.Connection(server, f"uid=bob,ou=people,{in_directory.BASE}", password)
            connection.open()
            assert at_once or connection.start_tls()
            assert connection.bind() is right
            connection.unbind()


@pytest.mark.xmlsec1
def test_the_identity_provider_says_who_it_is(identity_provider: IdentityProvider) -> None:
    said = httpx.get(identity_provider.metadata).text
    assert f'entityID="{identity_provider.metadata}"' in said
    assert "X509Certificate" in said
