from datetime import timedelta

_STEPS = (1, 2, 5, 10, 20, 40, 60)
# Some 36 hours of trying.
GIVE_UP_AFTER = 40


def wait_before(attempt: int) -> timedelta | None:
    """Return how long to wait after this failed try (1 is the first); None when a person has to decide."""
    if attempt >= GIVE_UP_AFTER:
        return None
    return timedelta(minutes=_STEPS[min(attempt, len(_STEPS)) - 1])
