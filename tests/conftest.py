"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.db import connection
from django.utils import timezone, translation

from tests.emptying import let_tests_empty_the_log
from tests.people import alice, bob, charlie, mailbox, sign_in
from tests.servers import certificates
from tests.servers import postroom as own
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.ldap import Directory
from tests.servers.openid import OpenIdProvider
from tests.servers.postroom import Installation
from tests.servers.saml import IdentityProvider
from tests.servers.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.servers.chromium import NewWindow

__all__ = ["alice", "bob", "charlie", "mailbox", "sign_in"]

# A slow machine fails no test, nothing is remembered between runs, and CI sees what we saw.
hypothesis.settings.register_profile("house", deadline=None, database=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("house")

let_tests_empty_the_log()


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A request in this thread leaves the language and the zone of its reader behind; the next test has neither."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix() -> None:
    """Keep the database's name: each process has a data folder and a cluster of its own (tests/engine.py)."""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority of this run and a certificate for the loopback; POSTROOM_CA_FILE may point at the authority."""
    return certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def _running_dovecot() -> Iterator[Dovecot]:
    server = Dovecot.start()
    yield server
    server.stop()


@pytest.fixture
def dovecot(_running_dovecot: Dovecot) -> Dovecot:
    """A running Dovecot with every user in it; take a user name of your own. It is brought back if a test killed it."""
    if _running_dovecot.process.poll() is not None:
        _running_dovecot.restart()
    return _running_dovecot


@pytest.fixture(scope="session")
def _running_sink(certificate: Certificates) -> Iterator[SmtpSink]:
    server = SmtpSink.start(certificate)
    yield server
    server.stop()


@pytest.fixture
def smtp_sink(_running_sink: SmtpSink) -> Iterator[SmtpSink]:
    """An SMTP server that keeps what it gets, empty and well-behaved at the start of each test."""
    _running_sink.clear()
    yield _running_sink
    _running_sink.clear()


@pytest.fixture(scope="session")
def _running_openid() -> Iterator[OpenIdProvider]:
    server = OpenIdProvider.start()
    yield server
    server.stop()


@pytest.fixture
def openid(_running_openid: OpenIdProvider, monkeypatch: pytest.MonkeyPatch) -> OpenIdProvider:
    """A running OpenID provider on this machine; take an account name of your own."""
    # It speaks http, which the library otherwise refuses even to this very machine.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    return _running_openid


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[IdentityProvider]:
    """A running SAML identity provider; introduce yourself by `meet`."""
    server = IdentityProvider.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def directory() -> Iterator[Directory]:
    """A running LDAP directory that knows Alice, Bob, Charlie and, so far unknown to us, Dora."""
    server = Directory.start()
    yield server
    server.stop()


@pytest.fixture
def installation(transactional_db: None, tmp_path: Path) -> Iterator[Installation]:
    """The `postroom` command, on the very database and data folder that this test's own process looks at."""
    made = own.installation(tmp_path, data=Path(os.environ["POSTROOM_DATA"]), database_url=_database_url())
    yield made
    made.stop()


def _database_url() -> str:
    url = os.environ.get("POSTROOM_DATABASE_URL", "")
    return url and url.replace("/postroom?", f"/{connection.settings_dict['NAME']}?")


@pytest.fixture(scope="session")
def _chromium() -> Iterator["Browser"]:
    from tests.servers.chromium import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def window(_chromium: "Browser") -> Iterator["NewWindow"]:
    """Call it for a new browser window (a Playwright Page) with cookies of its own; options as for a context."""
    from tests.servers.chromium import windows

    with windows(_chromium) as open_window:
        yield open_window
