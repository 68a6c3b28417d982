"""Dates of mails, believed only as far as they make sense."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_FIRST_MAIL = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def mail_date(text: str) -> datetime | None:
    """Return the moment in UTC, None when the header is absent, unreadable or absurd."""
    try:
        parts = parsedate_tz(text[:200])
        if parts is None:
            return None
        offset = parts[9] or 0
        zone = timezone(timedelta(seconds=offset)) if abs(offset) < 86_400 else UTC
        moment = datetime(*parts[:6], tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return moment if _FIRST_MAIL <= moment < _LATEST else None
