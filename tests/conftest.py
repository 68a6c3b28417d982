"""What every test may ask for."""

from collections.abc import Iterator

import pytest

from tests.servers import certificates
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink


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
