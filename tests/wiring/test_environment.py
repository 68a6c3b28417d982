"""A setting that is misspelt or out of range stops the start with its name and what would be right."""

import pytest

from postroom.wiring.environment import NAMES, BadSetting, read


def test_nothing_set_is_the_embedded_default() -> None:
    settings = read({})
    assert (settings.host, settings.port, settings.lmtp_port, settings.undo_seconds) == ("127.0.0.1", 8000, 8024, 10)
    assert settings.database_url == ""


def test_a_misspelt_setting_is_named_with_its_neighbour() -> None:
    with pytest.raises(BadSetting, match=r"POSTROOM_PROT is not a setting.*Did you mean POSTROOM_PORT"):
        read({"POSTROOM_PROT": "1"})


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("POSTROOM_PORT", "eighty", "whole number from 1 to 65535"),
        ("POSTROOM_PORT", "70000", "whole number from 1 to 65535"),
        ("POSTROOM_PORT", "-1", "whole number"),
        ("POSTROOM_UNDO_SECONDS", "121", "from 0 to 120"),
        ("POSTROOM_DATABASE_URL", "mysql://x", "postgresql://"),
        ("POSTROOM_BASE_URL", "mail.example.org", "https://mail.example.org"),
        ("POSTROOM_BASE_URL", "https://mail.example.org/inbox", "without a path"),
        ("POSTROOM_CA_FILE", "/no/such/file", "no such file"),
        ("POSTROOM_TRUSTED_PROXIES", "10.0.0.0/8, the proxy", "'the proxy', which is no network"),
        ("POSTROOM_TRUSTED_PROXIES", "10.0.0.0/33", "no network"),
        ("POSTROOM_DNS", "ns.example.org", "no IP address"),
        ("POSTROOM_DNS", "192.0.2.53:0", "port"),
        ("POSTROOM_INSIDE_HOSTS", "mail.lan, what ever", "no host"),
        ("POSTROOM_INSIDE_HOSTS", "10.0.0.0/99", "no network"),
        ("POSTROOM_CLAMD", "scanner", "127.0.0.1:3310"),
        ("POSTROOM_TIME_ZONE", "Europe/Atlantis", "time zone"),
        ("POSTROOM_DEBUG", "perhaps", "yes or no"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_would_be_right(name: str, value: str, hint: str) -> None:
    with pytest.raises(BadSetting, match=name) as refused:
        read({name: value})
    assert hint in str(refused.value)


def test_proxies_are_named_one_by_one_or_not_at_all() -> None:
    assert read({}).trusted_proxies == ("127.0.0.0/8", "::1")
    assert read({"POSTROOM_TRUSTED_PROXIES": "10.0.0.0/8,2001:db8::/32"}).trusted_proxies == (
        "10.0.0.0/8",
        "2001:db8::/32",
    )
    assert read({"POSTROOM_TRUSTED_PROXIES": "none"}).trusted_proxies == ()


def test_other_programs_settings_are_left_alone() -> None:
    assert read(
        {"PATH": "/bin", "POSTROOM_TEST_ENGINE": "sqlite", "POSTROOM_BASE_URL": "https://a.example"}
    ).allowed_hosts


def test_every_setting_has_one_name() -> None:
    assert "POSTROOM_DATA" in NAMES
