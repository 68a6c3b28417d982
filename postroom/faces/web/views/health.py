"""Small answers for machines: health, robots, the favicon."""

from datetime import timedelta
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.http import require_safe

from postroom.channels.mail.models import Alarm
from postroom.core.audit import head as audit_head
from postroom.core.audit.sealing import LATE, unsealed
from postroom.core.events import log
from postroom.core.events.heartbeat import last_beat
from postroom.core.events.models import Bookmark
from postroom.followers.search.models import Stale
from postroom.lib import clock

# The worker shows itself every few seconds; a long mail may keep it from that for a while.
_WORKER_SILENCE = timedelta(seconds=60)
_MOST_COUNTED = 10_000


@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Say whether the database answers, the worker was seen lately and no follower has stopped; 503 if not."""
    try:
        beat = last_beat()
        lags = {bookmark.follower: _lag(bookmark) for bookmark in Bookmark.objects.order_by("follower")}
        alarms = Alarm.objects.filter(ended_at=None).values_list("kind").annotate(n=Count("pk")).order_by("kind")
        wrong = dict(alarms) | _audit_alarms()
        unread = Stale.objects.all()[:_MOST_COUNTED].count()
        stopped = list(Bookmark.objects.exclude(problem="").values_list("follower", flat=True))
    except DatabaseError:
        return _answer({"ok": False, "database": "unreachable"}, status=503)
    worker_seen = beat is not None and clock.now() - beat < _WORKER_SILENCE
    ok = worker_seen and not stopped
    report = {
        "ok": ok,
        "database": "ok",
        "worker": "ok" if worker_seen else "not seen",
        "worker_last_seen": beat.isoformat(timespec="seconds") if beat else None,
        "followers_behind": lags,
        "followers_stopped": stopped,
        "messages_not_yet_searchable": unread,
        # For the team's own eyes: an alarm makes nothing unhealthy that a restart would mend.
        "alarms": wrong,
    }
    return _answer(report, status=200 if ok else 503)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Ask every crawler to stay away: a team's post is nobody else's."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """The mark, for browsers that ask without having read a page."""
    path = finders.find("postroom/mark.svg")
    if not path:
        return HttpResponseNotFound()
    return HttpResponse(Path(path).read_bytes(), content_type="image/svg+xml")


def _audit_alarms() -> dict[str, int]:
    """Say how many entries of the audit log nobody has sealed for a minute, and whether its end is the one we knew."""
    late = unsealed(before=clock.now() - LATE)
    lost = 0 if audit_head.is_kept() else 1
    return {name: n for name, n in (("audit_unsealed", late), ("audit_head", lost)) if n}


def _lag(bookmark: Bookmark) -> int:
    return log.later(log.Position(bookmark.xid, bookmark.event_id))[:_MOST_COUNTED].count()


def _answer(report: dict[str, object], *, status: int) -> HttpResponse:
    response = JsonResponse(report, status=status)
    response["Cache-Control"] = "no-store"
    return response
