from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.servers.name_server import NameServer


@pytest.fixture
def zone(settings: Settings) -> Iterator[NameServer]:
    """A name server that we ask."""
    server = NameServer.start()
    settings.POSTROOM_DNS = (server.address,)
    yield server
    server.stop()
