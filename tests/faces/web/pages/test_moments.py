"""When a preset is, as its reader's clock and language have it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from postroom.faces.web.moments import offered_as
from postroom.lib import clock

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "moment", "said"),
    [
        ("UTC", "en", NINE, "09:00"),
        ("Europe/Brussels", "en", NINE, "10:00"),
        ("Pacific/Auckland", "en", NINE, "22:00"),
        ("Europe/Brussels", "en", THURSDAY, "Thu 09:00"),
        ("Europe/Brussels", "fr", THURSDAY, "jeu 09:00"),
        ("Europe/Brussels", "es", THURSDAY, "Jue 09:00"),
    ],
)
def test_the_same_moment_is_said_by_each_readers_clock_and_in_their_language(
    monkeypatch: pytest.MonkeyPatch, zone: str, language: str, moment: datetime, said: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 6, 0, tzinfo=UTC))
    with timezone.override(ZoneInfo(zone)), translation.override(language):
        assert offered_as(moment).lower() == said.lower()
