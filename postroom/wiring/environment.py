"""Every setting, read from the environment; what is misspelt or out of range stops the start with a sentence."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from postroom.lib.network.allowance import entry_problem

MEBIBYTE = 1024 * 1024


class BadSetting(Exception):
    """A setting has a name or a value that cannot be used; the sentence says what would be right."""


@dataclass(frozen=True)
class Settings:
    """The settings as values. Each is documented in docs/settings.md under its environment name."""

    data: Path
    database_url: str
    host: str
    port: int
    base_url: str
    allowed_hosts: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    lmtp_host: str
    lmtp_port: int
    intake_processes: int
    undo_seconds: int
    max_mail_bytes: int
    max_upload_bytes: int
    ca_file: str
    dns: tuple[str, ...]
    inside_hosts: tuple[str, ...]
    clamd: str
    time_zone: str
    mirrored: bool
    debug: bool


NAMES = {f"POSTROOM_{field.upper()}" for field in Settings.__dataclass_fields__}
# Set by our own tests and processes, not by people.
INTERNAL = ("POSTROOM_TEST_", "POSTROOM_INTERNAL_")


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings; BadSetting names the first one that is wrong."""
    _refuse_unknown(environment)
    data = Path(environment.get("POSTROOM_DATA") or "data").resolve()
    host = environment.get("POSTROOM_HOST") or "127.0.0.1"
    port = _integer(environment, "POSTROOM_PORT", default=8000, low=1, high=65535)
    base_url = _base_url(environment)
    return Settings(
        data=data,
        database_url=_database_url(environment),
        host=host,
        port=port,
        base_url=base_url,
        allowed_hosts=_allowed_hosts(environment, host=host, base_url=base_url),
        trusted_proxies=_trusted_proxies(environment),
        lmtp_host=environment.get("POSTROOM_LMTP_HOST") or "127.0.0.1",
        lmtp_port=_integer(environment, "POSTROOM_LMTP_PORT", default=8024, low=0, high=65535),
        intake_processes=_integer(
            environment, "POSTROOM_INTAKE_PROCESSES", default=min(4, (os.cpu_count() or 1) + 1), low=0, high=64
        ),
        undo_seconds=_integer(environment, "POSTROOM_UNDO_SECONDS", default=10, low=0, high=120),
        max_mail_bytes=_integer(environment, "POSTROOM_MAX_MAIL_BYTES", default=50 * MEBIBYTE, low=65536, high=2**31),
        max_upload_bytes=_integer(
            environment, "POSTROOM_MAX_UPLOAD_BYTES", default=25 * MEBIBYTE, low=1024, high=2**31
        ),
        ca_file=_file(environment, "POSTROOM_CA_FILE"),
        dns=_name_servers(environment),
        inside_hosts=_inside_hosts(environment),
        clamd=_clamd(environment),
        time_zone=_time_zone(environment),
        mirrored=_switch(environment, "POSTROOM_MIRRORED"),
        debug=_switch(environment, "POSTROOM_DEBUG"),
    )


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    for name in environment:
        if not name.startswith("POSTROOM_") or name in NAMES or name.startswith(INTERNAL):
            continue
        near = difflib.get_close_matches(name, sorted(NAMES), n=1)
        hint = f"Did you mean {near[0]}?" if near else f"The settings are: {', '.join(sorted(NAMES))}."
        raise BadSetting(f"{name} is not a setting of Postroom. {hint}")


def _integer(environment: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and low <= int(text) <= high):
        raise BadSetting(f"{name} is {text!r}. It must be a whole number from {low} to {high}.")
    return int(text)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").strip().lower()
    if text in ("", "0", "no", "off", "false"):
        return False
    if text in ("1", "yes", "on", "true"):
        return True
    raise BadSetting(f"{name} is {text!r}. It must be yes or no.")


def _file(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "").strip()
    if text and not Path(text).is_file():
        raise BadSetting(f"{name} is {text!r}. There is no such file.")
    return text


def _time_zone(environment: Mapping[str, str]) -> str:
    text = environment.get("POSTROOM_TIME_ZONE", "").strip() or "UTC"
    if text not in available_timezones():
        raise BadSetting(f"POSTROOM_TIME_ZONE is {text!r}. It must be the name of a time zone, like Europe/Brussels.")
    return text


def _base_url(environment: Mapping[str, str]) -> str:
    text = environment.get("POSTROOM_BASE_URL", "").strip().rstrip("/")
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise BadSetting(f"POSTROOM_BASE_URL is {text!r}. It must be like https://mail.example.org, without a path.")
    return text


def _database_url(environment: Mapping[str, str]) -> str:
    text = environment.get("POSTROOM_DATABASE_URL", "").strip()
    if text and urlsplit(text).scheme not in ("postgresql", "postgres"):
        raise BadSetting(
            "POSTROOM_DATABASE_URL must be like postgresql://user:password@host:5432/name, or empty for SQLite."
        )
    return text


def _allowed_hosts(environment: Mapping[str, str], *, host: str, base_url: str) -> tuple[str, ...]:
    named = [name.strip() for name in environment.get("POSTROOM_ALLOWED_HOSTS", "").split(",") if name.strip()]
    hosts = ["127.0.0.1", "localhost", "[::1]", *named]
    if host not in ("0.0.0.0", "::"):  # noqa: S104  (compared, not bound)
        hosts.append(host)
    if base_url:
        hosts.append(urlsplit(base_url).hostname or "")
    return tuple(dict.fromkeys(hosts))


def _trusted_proxies(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the networks of proxies that are believed when they say whose request they pass on."""
    text = environment.get("POSTROOM_TRUSTED_PROXIES", "").strip() or "127.0.0.0/8, ::1"
    if text.lower() == "none":
        return ()
    networks = [one.strip() for one in text.split(",") if one.strip()]
    for one in networks:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise BadSetting(
                f"POSTROOM_TRUSTED_PROXIES names {one!r}, which is no network. "
                "It looks like 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7, or is none."
            ) from None
    return tuple(networks)


def _name_servers(environment: Mapping[str, str]) -> tuple[str, ...]:
    servers = [server.strip() for server in environment.get("POSTROOM_DNS", "").split(",") if server.strip()]
    for server in servers:
        host, _colon, port = server.rpartition(":") if server.count(":") == 1 else (server, "", "53")
        try:
            ip_address(host)
        except ValueError:
            raise BadSetting(
                f"POSTROOM_DNS names {server!r}, which is no IP address. It looks like 192.0.2.53."
            ) from None
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise BadSetting(f"POSTROOM_DNS names {server!r}, whose port is none. It looks like 192.0.2.53:53.")
    return tuple(servers)


def _inside_hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(name.strip() for name in environment.get("POSTROOM_INSIDE_HOSTS", "").split(",") if name.strip())
    for name in named:
        if problem := entry_problem(name):
            raise BadSetting(f"POSTROOM_INSIDE_HOSTS names {name!r}. {problem}")
    return named


def _clamd(environment: Mapping[str, str]) -> str:
    text = environment.get("POSTROOM_CLAMD", "").strip()
    host, _colon, port = text.rpartition(":")
    if (
        text
        and not text.startswith("/")
        and not (host and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536)
    ):
        raise BadSetting(
            f"POSTROOM_CLAMD is {text!r}. It must be like 127.0.0.1:3310, or a socket like /run/clamav/clamd.ctl."
        )
    return text
