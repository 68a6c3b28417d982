"""Count what a source's server holds, and fetch what of it is not with us. The rounds call it; nothing is deleted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail.censuses import claim, write_down
from postroom.channels.mail.figures import FolderFigures
from postroom.channels.mail.intake import CannotStore
from postroom.channels.mail.models import Census, Source
from postroom.channels.mail.models.source import IMAP
from postroom.channels.mail.transports.access_tokens import server_of
from postroom.channels.mail.transports.census_imap import count_imap
from postroom.channels.mail.transports.imap_line import ImapTrouble
from postroom.channels.mail.transports.oauth import SignInTrouble
from postroom.core.accounts.queries import owners_language
from postroom.lib import clock
from postroom.lib.sealing import SealBroken

_log = logging.getLogger("postroom.mail.census")


@dataclass
class Counted:
    """What one census found. `refused` says of each mail that the server would not give which it is and why."""

    folders: list[FolderFigures] = field(default_factory=list)
    fetched: int = 0
    refused: list[str] = field(default_factory=list)


# How each kind of account is counted: the source and whether to fetch what is missing.
COUNTERS: dict[str, Callable[..., tuple[list[FolderFigures], int, list[str]]]] = {IMAP: count_imap}


def count_next() -> bool:
    """Take the census that is due; tell whether there was one. Its figures, or why there are none, are on its row."""
    census = claim()
    if census is None:
        return False
    with translation.override(owners_language()):
        _take(census)
    return True


def count(source: Source, *, fetch: bool) -> Counted:
    """Count a source now; ImapTrouble, SignInTrouble, SealBroken or CannotStore with a sentence."""
    counter = COUNTERS.get(source.kind)
    if counter is None:
        raise ImapTrouble(_("Mail that is fetched in this way cannot be compared with the server yet."))
    folders, fetched, refused = counter(source, server_of(source), fetch=fetch)
    return Counted(folders, fetched, refused)


def _take(census: Census) -> None:
    now = clock.now()
    try:
        counted = count(census.source, fetch=census.fetch)
    except (ImapTrouble, SealBroken, SignInTrouble, CannotStore, OSError) as trouble:
        write_down(census, problem=str(trouble)[:2000], problem_at=now)
        return
    except Exception as error:  # noqa: BLE001  (shown in full; the other sources must be counted)
        _log.exception("The mail of %s could not be counted.", census.source)
        write_down(census, problem=f"{type(error).__name__}: {error}"[:2000], problem_at=now)
        return
    write_down(
        census,
        at=clock.now(),
        folders=[figures.plain() for figures in counted.folders],
        fetched=counted.fetched if census.fetch else 0,
        refused=counted.refused[:50],
        problem="",
        problem_at=None,
    )
