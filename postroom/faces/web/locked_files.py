"""Files that nobody may open: those in which the virus scanner found something, and those it has not looked at yet."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.check_files import verdict
from postroom.core.conversations.models import CLEAN, INFECTED, FileVerdict
from postroom.faces.web.verbs import refused


def locked(request: HttpRequest, digests: Iterable[str]) -> HttpResponse | None:
    """Return the refusal when one of these files may not be opened, None when all may: free without a scanner."""
    if not settings.POSTROOM_CLAMD:
        return None
    for known in map(verdict, sorted(set(digests))):
        if known.state != CLEAN:
            response = refused(request, sentence(known), status=403 if known.state == INFECTED else 503)
            response["Cache-Control"] = "no-store"
            return response
    return None


def sentence(known: FileVerdict) -> str:
    """Return why a file cannot be opened."""
    if known.state == INFECTED:
        return _("The virus scanner found %(found)s in this file, so it is locked away.") % {"found": known.found}
    return _("The virus scanner has not looked at this file yet. Try again in a minute.")


def states(digests: Iterable[str]) -> dict[str, str]:
    """Return digest -> state of those that are not known to be clean; one query, none without a scanner."""
    wanted = set(digests)
    if not settings.POSTROOM_CLAMD or not wanted:
        return {}
    found = dict(FileVerdict.objects.filter(pk__in=wanted).values_list("digest", "state"))
    return {digest: found.get(digest, "waiting") for digest in wanted if found.get(digest) != CLEAN}
