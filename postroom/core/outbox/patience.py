from datetime import timedelta

_STEPS = (1, 2, 5, 10, 20, 40, 60)
GIVE_UP_AFTER = 40


def wait_before(attempt: int) -> timedelta | None:
    """Return how long to wait after this failed try (1 is the first); None when it is time to ask a person (some 36 hours)."""
    if attempt >= GIVE_UP_AFTER:
        return None
    return timedelta(minutes=_STEPS[min(attempt, len(_STEPS)) - 1])
