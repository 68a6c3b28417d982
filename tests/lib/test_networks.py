"""Whose request it is, however many proxies it came through and whatever they wrote."""

import pytest

from postroom.lib.networks import address, client, counted_as, neighbourhood, network, within

INSIDE = (network("10.0.0.0/8"), network("2001:db8:aaaa::/48"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        # Nobody's word counts but a trusted proxy's.
        ("203.0.113.7", "192.0.2.1", "203.0.113.7"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        # Whatever stands left of what the first trusted proxy saw, the client may have written.
        ("10.0.0.1", "127.0.0.1, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "10.9.9.9, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8:aaaa::1", "2001:db8:bbbb::7", "2001:db8:bbbb::7"),
        ("::ffff:10.0.0.1", "[2001:db8:bbbb::7]:4711", "2001:db8:bbbb::7"),
        ("10.0.0.1", "192.0.2.1:4711", "192.0.2.1"),
        ("10.0.0.1", "192.0.2.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, <script>, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", ",,,", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4," + "10.0.0.2," * 5000 + "10.0.0.2", "10.0.0.2"),
        ("fe80::1%eth0", "", "fe80::1"),
        ("", "192.0.2.1", ""),
        ("/run/postroom.sock", "192.0.2.1", ""),
    ],
)
def test_only_a_trusted_proxy_says_whose_request_it_brings(peer: str, forwarded: str, found: str) -> None:
    assert client(peer, forwarded, trusted=INSIDE) == found


def test_a_network_may_be_written_in_many_ways() -> None:
    assert str(network("203.0.113.9/24")) == "203.0.113.0/24"
    assert str(network(" 192.0.2.7 ")) == "192.0.2.7/32"
    assert str(network("::ffff:192.0.2.0/120")) == "192.0.2.0/24"
    with pytest.raises(ValueError, match="does not appear"):
        network("the office")
    assert within(address("::ffff:203.0.113.9"), [network("203.0.113.0/24")])
    assert not within(address("nowhere"), [network("0.0.0.0/0"), network("::/0")])


def test_one_customer_of_a_provider_is_one() -> None:
    assert counted_as("2001:db8:1:2:3:4:5:6") == counted_as("2001:db8:1:2::") != counted_as("2001:db8:1:3::")
    assert counted_as("192.0.2.7") == "192.0.2.7"
    assert neighbourhood("192.0.2.7") == "192.0.2.0/24"
    assert counted_as("") == neighbourhood("") == ""
