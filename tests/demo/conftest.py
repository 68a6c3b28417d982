"""The demo, made once for all the tests that only look at it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from postroom.core.events.follow import follow
from postroom.demo.seed import Demo, seed
from postroom.followers.notifications.react import FOLLOWER as NOTIFICATIONS

# A Tuesday afternoon.
NOW = datetime(2026, 9, 15, 13, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """The whole demo; rolled back when the module's tests are over."""
    with django_db_blocker.unblock(), transaction.atomic():
        # As a worker that runs beside the set-up page leaves it.
        follow(NOTIFICATIONS)
        yield seed(now=NOW)
        transaction.set_rollback(True)
