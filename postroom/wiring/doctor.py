"""`postroom doctor --security`: what this installation does well, and where somebody could get in."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from ipaddress import ip_network
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from postroom.channels.mail.models import NO_TLS, Route, Source
from postroom.core.accounts import setup
from postroom.core.accounts.models import OWNER, User
from postroom.core.accounts.permissions import MANAGERS_MARK, permissions_of
from postroom.core.accounts.policy import NOBODY, allowed_hosts, policy
from postroom.core.audit import head
from postroom.faces.cli.say import say
from postroom.lib.clamd import ScannerTrouble, scan
from postroom.lib.sealing import SealBroken, unseal
from postroom.wiring import secrets

GOOD = "good"
COULD_BE_BETTER = "could be better"
BAD = "bad"
_MARKS = {GOOD: "  ok ", COULD_BE_BETTER: "  !  ", BAD: " BAD "}


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and for what is not good: what to do."""

    about: str
    state: str
    sentence: str


Check = Callable[[], Iterator[Finding]]


def examine(*, as_json: bool) -> int:
    """Print what was found; the exit code is 1 when something is bad."""
    found = [finding for check in CHECKS for finding in check()]
    if as_json:
        say(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        for finding in found:
            say(f"{_MARKS[finding.state]} {finding.about}: {finding.sentence}")
    return 1 if any(finding.state == BAD for finding in found) else 0


def _way_in() -> Iterator[Finding]:
    base, host = settings.POSTROOM_BASE_URL, settings.POSTROOM_HOST
    if base.startswith("https:"):
        yield Finding("The way in", GOOD, f"Browsers come by {base}; cookies travel encrypted only.")
    elif host in ("127.0.0.1", "::1", "localhost"):
        words = "Pages are served to this machine only. For others, put a proxy with TLS in front: docs/running.md."
        yield Finding("The way in", GOOD, words)
    else:
        words = f"Pages are served on {host} without TLS: passwords can be read on the way. See docs/running.md."
        yield Finding("The way in", BAD, words)
    if settings.DEBUG:
        words = "POSTROOM_DEBUG is on: faults are shown with what is in memory. Take it out."
        yield Finding("Faults", BAD, words)
    if setup.token_is_open():
        yield Finding("Set-up", COULD_BE_BETTER, "The set-up link is still open. Use it, or nobody else may see it.")
    if setup.is_demo():
        yield Finding(
            "Demo", COULD_BE_BETTER, "This is a demo team: everybody may sign in as anybody. No real mail here."
        )


def _files() -> Iterator[Finding]:
    data: Path = settings.POSTROOM_DATA
    for path, most in ((data, 0o750), (data / "secret.key", 0o600), (data / "audit.key", 0o600)):
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~most & 0o077:
            words = f"{path} can be read by others on this machine (mode {mode:o}). Run: chmod {most:o} {path}"
            yield Finding("Files", BAD if path.suffix == ".key" else COULD_BE_BETTER, words)
        else:
            yield Finding("Files", GOOD, f"{path} is for its owner (mode {mode:o}).")
    if os.geteuid() == 0:
        words = "This runs as root. Give Postroom a user of its own: docs/running.md."
        yield Finding("The process", COULD_BE_BETTER, words)


def _keys() -> Iterator[Finding]:
    if secrets.pending():
        words = "A change of the key was begun. Restart Postroom, then: postroom secrets rotate --finish"
        yield Finding("Secrets", COULD_BE_BETTER, words)
    broken = 0
    seen = 0
    for one in secrets.everything_sealed():
        seen += 1
        try:
            unseal(one.text, key=settings.POSTROOM_KEY)
        except SealBroken:
            broken += 1
    if broken:
        words = f"{broken} of {seen} cannot be opened with secret.key. Put the right key back, or type them again."
        yield Finding("Secrets", BAD, words)
    else:
        yield Finding("Secrets", GOOD, f"{seen} are sealed with a key that is not in the database.")


def _sign_in() -> Iterator[Finding]:
    rules = policy()
    managers = [person for person in User.objects.filter(is_active=True) if permissions_of(person) & MANAGERS_MARK]
    if rules.second_factor == NOBODY:
        words = "Nobody has to have one. Ask it at least of those who manage: Settings, Security."
        yield Finding("Second factor", COULD_BE_BETTER, words)
    factors = apps.get_model("mfa", "Authenticator")._default_manager.values_list("user_id", flat=True)  # noqa: SLF001
    without = sorted(person.name for person in managers if person.pk not in set(factors))
    if without:
        words = f"Of those who manage, {len(without)} have none: {', '.join(without[:10])}."
        yield Finding("Second factor", COULD_BE_BETTER, words)
    elif managers:
        yield Finding("Second factor", GOOD, "Everybody who manages has one.")
    owners = User.objects.filter(is_active=True, role=OWNER).count()
    if owners == 1:
        words = "There is one. A second one can help when the first cannot sign in."
        yield Finding("Owners", COULD_BE_BETTER, words)
    if owners > 1:
        yield Finding("Owners", GOOD, f"There are {owners}.")
    if not rules.password_sign_in and not User.objects.filter(is_active=True, role=OWNER, break_glass=True).exists():
        words = "Passwords are off and no owner has a way in without the single sign-on. Name one under Sign-on."
        yield Finding("Break glass", BAD, words)


def _inside() -> Iterator[Finding]:
    wide = [host for host in allowed_hosts() if "/" in host and _hosts_in(host) > 2**16]
    if wide:
        words = f"{', '.join(wide)} lets requests go to very many machines. Name the servers instead."
        yield Finding("Hosts inside", COULD_BE_BETTER, words)
    else:
        yield Finding("Hosts inside", GOOD, f"Requests may go to {len(list(allowed_hosts()))} of your own network.")


def _mail() -> Iterator[Finding]:
    clear = [
        f"{way.host} ({way.mailbox.address})"
        for model in (Source, Route)
        for way in model.objects.filter(security=NO_TLS).exclude(host="").select_related("mailbox")
        if way.host not in ("localhost", "127.0.0.1", "::1")
    ]
    if clear:
        words = f"Without TLS, password and mail can be read on the way: {', '.join(clear)}."
        yield Finding("Mail servers", BAD, words)
    else:
        yield Finding("Mail servers", GOOD, "All are spoken to over TLS, or lie on this machine.")


def _database() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding("Database", BAD, "It is older than the program. Run: postroom migrate")
    else:
        yield Finding("Database", GOOD, "It is as new as the program.")


def _record() -> Iterator[Finding]:
    if not head.is_kept():
        words = (
            "Its head is not beside the database, or older than the log: the end may be cut off. postroom audit verify"
        )
        yield Finding("Audit log", BAD, words)
    else:
        yield Finding("Audit log", GOOD, "Its head is kept. To prove all of it: postroom audit verify")


def _scanner() -> Iterator[Finding]:
    if not settings.POSTROOM_CLAMD:
        words = "Files are not looked at for viruses. With ClamAV they can be: docs/security/files.md."
        yield Finding("Viruses", COULD_BE_BETTER, words)
        return
    try:
        scan(b"a question", at=settings.POSTROOM_CLAMD)
    except ScannerTrouble as trouble:
        yield Finding("Viruses", BAD, f"{trouble} Nobody can open a new file meanwhile.")
    else:
        yield Finding("Viruses", GOOD, "Each is looked at by ClamAV before anybody can open it.")


def _hosts_in(entry: str) -> int:
    try:
        return ip_network(
            entry.rpartition("/")[0] + "/" + entry.rpartition("/")[2].split(":")[0], strict=False
        ).num_addresses
    except ValueError:
        return 0


CHECKS: tuple[Check, ...] = (_way_in, _files, _keys, _sign_in, _inside, _mail, _record, _scanner, _database)
