"""Our refusals, as a directory reads them: with their sentence, under the status of RFC 7644 3.12."""

from collections.abc import Iterator
from contextlib import contextmanager

from scim2_models import ForbiddenException, InvalidValueException, UniquenessException

from postroom.core.accounts.actions.directory import AlreadyHere
from postroom.core.accounts.actions.owners import LastOwner
from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.actions.teams import TeamRefused
from postroom.core.conversations.actions.deactivate import CannotDeactivate


@contextmanager
def as_scim() -> Iterator[None]:
    """Say refusals of verbs in SCIM's terms."""
    try:
        yield
    except AlreadyHere as refused:
        raise UniquenessException(detail=str(refused)) from None
    except PersonRefused as refused:
        raise InvalidValueException(detail=str(refused)) from None
    except TeamRefused as refused:
        # Its name was looked at before; what is left is that somebody was quicker.
        raise UniquenessException(detail=str(refused)) from None
    except (LastOwner, CannotDeactivate) as refused:
        raise ForbiddenException(detail=str(refused)) from None
