"""How I am told: kinds and ways, quiet hours, and the browsers in which I am."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.models.session import Session
from postroom.core.accounts.time_zones import zone_of
from postroom.core.conversations.answering_by_mail import answers_are_taken
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.forms.notifications import shown, wanted
from postroom.followers.notifications.actions.choose import NoSuchQuietHours, choose
from postroom.followers.notifications.actions.devices import NoSuchDevice, add_device, devices_of, remove_device
from postroom.followers.notifications.actions.trial import send_trial
from postroom.followers.notifications.push_key import public_key
from postroom.followers.notifications.tell import choices_of
from postroom.lib.web_push import Keys


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notification_settings(request: HttpRequest) -> HttpResponse:
    """Show how I am told, or change it."""
    me = person(request)
    if request.method != "POST":
        return _page(request)
    try:
        choose(me, wanted(request.POST))
    except NoSuchQuietHours:
        mistake = _("Type when quiet hours begin and when they end, or leave both empty.")
        return _page(request, mistake=mistake, status=422)
    return HttpResponseRedirect(f"{reverse('settings-notifications')}?saved=1")


@require_http_methods(["POST", "DELETE"])
@signed_in
def device(request: HttpRequest) -> HttpResponse:
    """Let this browser be told (POST with what its push service gave it), or no more (DELETE)."""
    typed = request.POST if request.method == "POST" else QueryDict(request.body)
    endpoint, session = typed.get("endpoint", ""), _session(request)
    if request.method == "DELETE":
        remove_device(person(request), endpoint=endpoint)
        return HttpResponse(status=204)
    keys = Keys(p256dh=typed.get("p256dh", ""), auth=typed.get("auth", ""))
    try:
        add_device(person(request), session, endpoint=endpoint, keys=keys)
    except NoSuchDevice:
        sentence = _("This browser’s push service gave an address that Postroom cannot use. Nothing was changed.")
        return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@require_POST
@signed_in
def removal(request: HttpRequest, device_id: int) -> HttpResponse:
    """Tell one of my browsers no more."""
    remove_device(person(request), device_id=device_id)
    return HttpResponseRedirect(f"{reverse('settings-notifications')}?saved=1")


@require_POST
@signed_in
def trial(request: HttpRequest) -> HttpResponse:
    """Send a push to each of my browsers, to see that it arrives."""
    send_trial(person(request))
    return HttpResponseRedirect(f"{reverse('settings-notifications')}?sent=1")


def _page(request: HttpRequest, *, mistake: str = "", status: int = 200) -> HttpResponse:
    me = person(request)
    session = _session(request)
    context = {
        "tab": "notifications",
        "choices": choices_of(me),
        "typed": request.POST if request.method == "POST" else None,
        "kinds": list(shown(choices_of(me))),
        "mistake": mistake,
        "devices": list(devices_of(me)),
        "here": session.pk if session else 0,
        "key": public_key(),
        "zone": str(zone_of(me) or timezone.get_default_timezone_name()),
        "has_hours": bool(me.working_hours),
        "answers_by_mail": answers_are_taken(),
    }
    return shell.page(request, "settings_notifications.html", context, status=status)


def _session(request: HttpRequest) -> Session | None:
    row = getattr(request.session, "row", None)
    return row if isinstance(row, Session) else None
