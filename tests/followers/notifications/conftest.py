from collections.abc import Iterator

import pytest

from tests.followers.notifications.at_home import home
from tests.servers.push_service import PushService, push_service

__all__ = ["home"]


@pytest.fixture
def service() -> Iterator[PushService]:
    """A push service of the test's own."""
    with push_service() as running:
        yield running
