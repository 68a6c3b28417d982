"""Count what a source's server holds, and fetch what of it is not with us. The rounds call it; nothing is deleted."""

import logging
from typing import Protocol

from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail.censuses import claim, write_down
from postroom.channels.mail.figures import Counted
from postroom.channels.mail.intake import CannotStore
from postroom.channels.mail.models import Census, Source
from postroom.channels.mail.models.source import IMAP, POP
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.access_tokens import server_of
from postroom.channels.mail.transports.census_imap import count_imap
from postroom.channels.mail.transports.census_pop import count_pop
from postroom.channels.mail.transports.failures import ServerTrouble
from postroom.channels.mail.transports.oauth import SignInTrouble
from postroom.core.accounts.queries import owners_language
from postroom.lib import clock
from postroom.lib.sealing import SealBroken

_log = logging.getLogger("postroom.mail.census")


class Counter(Protocol):
    """Counts one account, and with `fetch` takes in what is missing; ServerTrouble with a sentence."""

    def __call__(self, source: Source, server: ServerSettings, /, *, fetch: bool) -> Counted: ...


COUNTERS: dict[str, Counter] = {IMAP: count_imap, POP: count_pop}


def count_next() -> bool:
    """Take the census that is due; tell whether there was one. Its figures, or why there are none, are on its row."""
    census = claim()
    if census is None:
        return False
    # Whatever goes wrong is read by the owner.
    with translation.override(owners_language()):
        _take(census)
    return True


def count(source: Source, *, fetch: bool) -> Counted:
    """Count a source now; ServerTrouble, SignInTrouble, SealBroken or CannotStore with a sentence."""
    counter = COUNTERS.get(source.kind)
    if counter is None:
        raise ServerTrouble(_("Mail that is fetched in this way cannot be compared with the server yet."))
    return counter(source, server_of(source), fetch=fetch)


def _take(census: Census) -> None:
    try:
        counted = count(census.source, fetch=census.fetch)
    except (ServerTrouble, SealBroken, SignInTrouble, CannotStore) as trouble:
        write_down(census, problem=str(trouble)[:2000], problem_at=clock.now())
        return
    except Exception as error:  # noqa: BLE001  (shown in full; the other sources must be counted)
        _log.exception("The mail of %s could not be counted.", census.source)
        write_down(census, problem=f"{type(error).__name__}: {error}"[:2000], problem_at=clock.now())
        return
    write_down(
        census,
        at=clock.now(),
        folders=[figures.plain() for figures in counted.folders],
        fetched=counted.fetched,
        problem="",
        problem_at=None,
    )
