"""What decides whether a mailbox's mail arrives, asked of a real name server and a real SMTP server."""

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.sending import make_signing_key, sign_mail
from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.deliverability.findings import BAD, GOOD, UNKNOWN, WARNING, Finding
from postroom.channels.mail.models import NO_TLS, SPARE, STARTTLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.signing import record_name, record_text
from postroom.channels.mail.transports.deliverability import check_deliverability
from postroom.core.accounts.models import Mailbox, User
from tests.servers.name_server import NameServer
from tests.servers.smtp_sink import SmtpSink

DOMAIN = "velo.example"


@pytest.fixture
def sink(smtp_sink: SmtpSink, settings: Settings) -> SmtpSink:
    """The sink, whose authority we trust."""
    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    return smtp_sink


@pytest.fixture
def good(zone: NameServer, sink: SmtpSink, mailbox: Mailbox, alice: User) -> NameServer:
    """All is as it should be."""
    send_through(mailbox, server=ServerSettings("localhost", sink.port, STARTTLS, "u", "p"), by=alice)
    zone.has("localhost", "A", "81.2.69.142")
    zone.has("142.69.2.81.in-addr.arpa", "PTR", "localhost.")
    zone.has(DOMAIN, "TXT", "v=spf1 ip4:81.2.69.142 -all")
    zone.has(DOMAIN, "MX", "10 mx.velo.example.")
    zone.has("mx.velo.example", "A", "192.0.2.1")
    zone.has(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=quarantine; rua=mailto:dmarc@velo.example")
    key = make_signing_key(mailbox, by=alice)
    sign_mail(mailbox, by=alice)
    zone.has(record_name(key), "TXT", record_text(key))
    return zone


def _found(mailbox: Mailbox) -> dict[str, Finding]:
    return {finding.topic: finding for finding in check_deliverability(mailbox)}


def test_what_is_as_it_should_be_is_said_so(good: NameServer, mailbox: Mailbox) -> None:
    found = _found(mailbox)
    assert {topic: finding.verdict for topic, finding in found.items()} == {
        **dict.fromkeys(("SPF", "DKIM", "DMARC", "PTR", "MX"), GOOD),
        "TLS": WARNING,
    }
    assert "TLSv1." in found["TLS"].sentence
    assert "ends soon" in found["TLS"].advice, "The tests' certificates live for days."


def test_what_is_missing_comes_with_the_record_to_add(good: NameServer, mailbox: Mailbox) -> None:
    key_place = next(name for name, _kind in good.zone if "_domainkey" in name)
    key_text = good.zone[(key_place, "TXT")][0]
    good.zone.clear()
    good.has("localhost", "A", "81.2.69.142")
    found = _found(mailbox)
    assert [found[topic].verdict for topic in ("SPF", "DKIM", "DMARC", "PTR", "MX")] == [
        BAD,
        BAD,
        WARNING,
        WARNING,
        BAD,
    ]
    records = {topic: finding.record for topic, finding in found.items() if finding.record}
    assert (records["SPF"].name, records["SPF"].text) == (DOMAIN, "v=spf1 ip4:81.2.69.142 ~all")
    assert (records["DKIM"].name, records["DKIM"].text) == (key_place, key_text)
    assert records["DMARC"].name == "_dmarc.velo.example"
    assert records["DMARC"].text.startswith("v=DMARC1; p=none; rua=mailto:support@velo.example")
    assert (records["MX"].kind, records["MX"].text) == ("MX", "10 mail.velo.example.")


def test_a_record_that_leaves_our_server_out_is_shown_with_it_in(good: NameServer, mailbox: Mailbox) -> None:
    good.has(DOMAIN, "TXT", "v=spf1 include:_spf.other.example -all")
    good.has("_spf.other.example", "TXT", "v=spf1 ip4:203.0.113.0/24 -all")
    finding = _found(mailbox)["SPF"]
    assert finding.verdict == BAD
    assert finding.record
    assert finding.record.text == "v=spf1 ip4:81.2.69.142 include:_spf.other.example -all"
    assert finding.present == "v=spf1 include:_spf.other.example -all"


def test_a_providers_list_is_looked_for_by_its_name(zone: NameServer, mailbox: Mailbox, alice: User) -> None:
    send_through(mailbox, server=ServerSettings("smtp.gmail.com", 1, NO_TLS), by=alice)
    zone.has("smtp.gmail.com", "A", "81.2.69.142")
    zone.has(DOMAIN, "TXT", "v=spf1 mx ~all")
    zone.has("google._domainkey.velo.example", "TXT", "v=DKIM1; p=x")
    found = _found(mailbox)
    assert found["SPF"].record
    assert found["SPF"].record.text == "v=spf1 include:_spf.google.com mx ~all"
    assert (found["DKIM"].verdict, found["TLS"].verdict) == (GOOD, BAD)
    zone.has(DOMAIN, "TXT", "v=spf1 include:_spf.google.com ~all")
    zone.has("_spf.google.com", "TXT", "v=spf1 ip4:203.0.113.0/24 ~all")
    assert _found(mailbox)["SPF"].verdict == GOOD


@pytest.mark.parametrize("record", ["v=spf1 +all", "v=spf1 all"])
def test_a_record_that_lets_everybody_send_is_warned_of(good: NameServer, mailbox: Mailbox, record: str) -> None:
    good.has(DOMAIN, "TXT", record)
    finding = _found(mailbox)["SPF"]
    assert finding.verdict == BAD
    assert finding.record
    assert finding.record.text == "v=spf1 ~all"


def test_another_key_in_dns_is_told_from_none(good: NameServer, mailbox: Mailbox) -> None:
    place = next(name for name, _kind in good.zone if "_domainkey" in name)
    good.has(place, "TXT", "v=DKIM1; p=QUJD")
    finding = _found(mailbox)["DKIM"]
    assert (finding.verdict, finding.sentence) == (BAD, "Another key stands in DNS.")


def test_the_policy_of_the_organisation_counts_below(good: NameServer, mailbox: Mailbox) -> None:
    Mailbox.objects.update(address="support@shop.velo.example")
    mailbox.refresh_from_db()
    assert _found(mailbox)["DMARC"].verdict == GOOD


def test_a_domain_that_takes_no_mail_cannot_be_answered(good: NameServer, mailbox: Mailbox) -> None:
    good.has(DOMAIN, "MX", "0 .")
    assert "takes no mail at all" in _found(mailbox)["MX"].sentence


def test_a_name_server_that_is_silent_is_not_waited_for(good: NameServer, mailbox: Mailbox) -> None:
    good.silent |= {DOMAIN, f"_dmarc.{DOMAIN}"}
    found = _found(mailbox)
    assert [found[topic].verdict for topic in ("SPF", "DMARC", "MX", "DKIM")] == [UNKNOWN, UNKNOWN, UNKNOWN, GOOD]


def test_a_certificate_that_is_not_trusted_is_named(good: NameServer, mailbox: Mailbox, settings: Settings) -> None:
    settings.POSTROOM_CA_FILE = ""
    finding = _found(mailbox)["TLS"]
    assert finding.verdict == BAD
    assert "is not trusted" in finding.sentence


def test_a_mailbox_without_a_server_is_looked_at_as_far_as_can_be(zone: NameServer, mailbox: Mailbox) -> None:
    found = _found(mailbox)
    assert set(found) == {"SPF", "DKIM", "DMARC", "MX"}
    assert found["SPF"].record
    assert found["SPF"].record.text == "v=spf1 mx ~all"


def test_two_servers_come_into_one_record(good: NameServer, sink: SmtpSink, mailbox: Mailbox, alice: User) -> None:
    send_through(mailbox, server=ServerSettings("smtp.spare.example", 1, NO_TLS), rank=SPARE, by=alice)
    good.has("smtp.spare.example", "A", "81.2.69.143")
    good.has(DOMAIN, "TXT", "v=spf1 mx -all")
    records = [finding.record for finding in check_deliverability(mailbox) if finding.topic == "SPF"]
    assert [record.text for record in records if record] == ["v=spf1 ip4:81.2.69.142 ip4:81.2.69.143 mx -all"] * 2


def test_a_server_at_home_gets_no_address_of_home_into_dns(good: NameServer, mailbox: Mailbox) -> None:
    good.has("localhost", "A", "192.168.1.7")
    finding = _found(mailbox)["SPF"]
    assert (finding.verdict, finding.record) == (WARNING, None)
    assert "PTR" not in _found(mailbox)
