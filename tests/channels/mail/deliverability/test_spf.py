import pytest

from postroom.channels.mail.deliverability.names import NoAnswer, names
from postroom.channels.mail.deliverability.spf import Spf, SpfError
from tests.servers.name_server import NameServer

DOMAIN = "velo.example"


def _judge(address: str = "192.0.2.7") -> str:
    return Spf(names(seconds=5)).judge(DOMAIN, address)


@pytest.mark.parametrize(
    ("record", "address", "result"),
    [
        ("v=spf1 ip4:192.0.2.7 -all", "192.0.2.7", "pass"),
        ("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.99", "pass"),
        ("v=spf1 ip4:192.0.2.0/24 -all", "198.51.100.1", "fail"),
        ("v=spf1 ip4:192.0.2.0/24 ~all", "198.51.100.1", "softfail"),
        ("v=spf1 ip4:192.0.2.0/24", "198.51.100.1", "neutral"),
        ("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::1", "pass"),
        ("V=SPF1 A -ALL", "192.0.2.7", "pass"),
        ("v=spf1 a/24 -all", "192.0.2.200", "pass"),
        ("v=spf1 a:mail.velo.example//64 -all", "2001:db8:1::99", "pass"),
        ("v=spf1 mx -all", "192.0.2.8", "pass"),
        ("v=spf1 include:_spf.provider.example -all", "203.0.113.5", "pass"),
        ("v=spf1 include:_spf.provider.example ~all", "192.0.2.7", "softfail"),
        ("v=spf1 redirect=_spf.provider.example", "203.0.113.5", "pass"),
        ("v=spf1 exp=explain.velo.example -ip4:192.0.2.7 +all", "192.0.2.7", "fail"),
        ("v=spf1 exists:%{i}.velo.example ?all", "192.0.2.7", "neutral"),
    ],
)
def test_a_record_is_judged_as_receivers_do(zone: NameServer, record: str, address: str, result: str) -> None:
    zone.has(DOMAIN, "TXT", "google-site-verification=x", record)
    zone.has(DOMAIN, "A", "192.0.2.7")
    zone.has(DOMAIN, "MX", "10 mail.velo.example.")
    zone.has("mail.velo.example", "A", "192.0.2.8")
    zone.has("mail.velo.example", "AAAA", "2001:db8:1::8")
    zone.has("_spf.provider.example", "TXT", "v=spf1 ip4:203.0.113.0/24 -all")
    assert _judge(address) == result


def test_no_record_is_no_answer(zone: NameServer) -> None:
    zone.has(DOMAIN, "TXT", "v=spf10 all")
    assert _judge() == "none"


@pytest.mark.parametrize(
    ("records", "why"),
    [
        (["v=spf1 -all", "v=spf1 +all"], "several"),
        (["v=spf1 include:velo.example -all"], "lookups"),
        (["v=spf1 redirect=velo.example"], "lookups"),
        (["v=spf1 ip4:nonsense -all"], "syntax"),
        (["v=spf1 blah:x -all"], "syntax"),
        (["v=spf1 include:nothing.example -all"], "syntax"),
        (["v=spf1 " + "a:mail.velo.example " * 11 + "-all"], "lookups"),
    ],
)
def test_a_record_that_receivers_give_up_on_is_named(zone: NameServer, records: list[str], why: str) -> None:
    zone.has(DOMAIN, "TXT", *records)
    with pytest.raises(SpfError, match=why):
        _judge()


def test_a_name_server_that_is_silent_or_broken_is_no_answer(zone: NameServer) -> None:
    zone.silent.add("slow.example")
    zone.broken.add("broken.example")
    for domain in ("slow.example", "broken.example"):
        with pytest.raises(NoAnswer):
            names(seconds=0.5).texts(domain)
    assert names(seconds=5).texts("nothing.example") == []
    assert names(seconds=5).texts("x" * 70 + ".example") == []
