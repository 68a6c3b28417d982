"""The audit log: who did, changed, opened and took out what. For whoever has the permission to read it."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_safe

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.permissions import AUDIT
from postroom.core.audit import head
from postroom.core.audit.sealing import LATE, unsealed
from postroom.core.audit.search import Wanted, page
from postroom.core.audit.write import write
from postroom.faces.web import audit_files, audit_lines, shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.audit_words import SENTENCES, plain
from postroom.faces.web.fragments import small_number, wanted
from postroom.faces.web.readings import log_read
from postroom.lib import clock
from postroom.lib.text import one_line

PAGE = 50
_FIELDS = ("q", "person", "action", "mailbox", "conversation", "from", "to", "ip")


@require_safe
@needs(AUDIT)
def log(request: HttpRequest) -> HttpResponse:
    """Show a page of the log, or only more of its lines."""
    asked = _asked(request)
    before = small_number(request.GET.get("before")) or None
    log_read(request)
    found = page(asked, before=before, limit=PAGE)
    typed = {name: request.GET.get(name, "") for name in _FIELDS if request.GET.get(name)}
    context = {
        "lines": audit_lines.lines(found.entries, reader=person(request)),
        "next": urlencode({**typed, "before": found.next}) if found.next else "",
    }
    if wanted(request) == "audit-more":
        return render(request, "_audit_lines.html", context)
    around = {
        "tab": "audit",
        "typed": {name: typed.get(name, "") for name in _FIELDS},
        "searched": bool(typed),
        "query": urlencode(typed),
        "people": User.objects.order_by("-is_active", "name").only("pk", "name"),
        "mailboxes": Mailbox.objects.order_by("name").only("pk", "name", "address"),
        "actions": audit_lines.action_choices(),
        "late": unsealed(before=clock.now() - LATE),
        "lost": not head.is_kept(),
    }
    return shell.page(request, "settings_audit.html", {**context, **around})


@require_GET
@needs(AUDIT)
def file(request: HttpRequest, form: str) -> HttpResponseBase:
    """Stream what was looked for as a file; that, too, is written down."""
    if form not in audit_files.TYPES:
        raise Http404
    asked, me = _asked(request), person(request)
    looked_for = {name: request.GET[name][:200] for name in _FIELDS if request.GET.get(name)}
    write("audit.exported", by=me, subject="audit", after={"format": form, **looked_for})
    response = StreamingHttpResponse(
        audit_files.export(asked, form=form, reader=me), content_type=audit_files.TYPES[form]
    )
    name = f"audit-log-{clock.now():%Y-%m-%d}.{form}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    patch_cache_control(response, private=True, no_store=True)
    return response


def _asked(request: HttpRequest) -> Wanted:
    """Read what is looked for; what cannot be read is as if it had not been typed."""
    words = one_line(request.GET.get("q", ""), length=100)
    return Wanted(
        words=words,
        meant=tuple(action for action in SENTENCES if words and words.casefold() in plain(action).casefold()),
        person_id=small_number(request.GET.get("person")) or None,
        action=one_line(request.GET.get("action", ""), length=60),
        mailbox_id=small_number(request.GET.get("mailbox")) or None,
        conversation_id=small_number(request.GET.get("conversation", "").strip().lstrip("#")) or None,
        since=_day(request.GET.get("from", "")),
        until=_day(request.GET.get("to", ""), after=1),
        ip=one_line(request.GET.get("ip", ""), length=45),
    )


def _day(text: str, *, after: int = 0) -> datetime | None:
    """Return the beginning of a day as the reader counts days, or of so many days after it."""
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text) + timedelta(days=after), time.min))
    except (ValueError, OverflowError):
        return None
