"""What a person reads when a page cannot be shown: calm, plain, without traces."""

from dataclasses import dataclass

from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from postroom.core.conversations.allowed import NotAllowed
from postroom.faces.web.refusing import not_allowed
from postroom.lib import problem_details


@dataclass(frozen=True)
class Trouble:
    """A page that says what happened, and what to do."""

    status: int
    title: str
    sentence: str


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for this person; nobody learns which."""
    del exception
    title = _("This page is not here")
    return _show(request, Trouble(404, title, _("It may have moved, or it belongs to a mailbox you are not on.")))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: there, but not theirs to change; a verb that refuses somebody says why."""
    if isinstance(exception, NotAllowed):
        return not_allowed(request, str(exception))
    return _show(request, Trouble(403, _("This is not yours to change"), _("Ask the owner of this Postroom to do it.")))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 by the form token: a page that stood open while somebody signed in or out, or a form of another site."""
    del reason
    title = _("This page was open for too long")
    sentence = _(
        "Nothing was changed. Go back, reload the page and send it again. If that does not help, "
        "allow cookies for this address."
    )
    return _show(request, Trouble(403, title, sentence))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when it was too much."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        title = _("That was too much at once")
        return _show(
            request, Trouble(413, title, _("Nothing was changed. Send less text, or fewer and smaller files."))
        )
    if isinstance(exception, DisallowedHost):
        title = _("This Postroom does not answer to that name")
        sentence = _("Whoever runs it can add the name to the setting POSTROOM_ALLOWED_HOSTS.")
        return _show(request, Trouble(400, title, sentence))
    return _show(
        request, Trouble(400, _("That could not be read"), _("Nothing was changed. Go back and try it again."))
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; what went wrong is in the log."""
    title = _("Something went wrong here")
    sentence = _(
        "It is our fault, and it is written in the log. What was saved is safe. Try again in a moment; "
        "if it happens again, tell whoever runs this Postroom."
    )
    return _show(request, Trouble(500, title, sentence))


def _show(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    if request.path.startswith(problem_details.API):
        body = problem_details.body(trouble.status, code="trouble", detail=f"{trouble.title}. {trouble.sentence}")
        return HttpResponse(body, status=trouble.status, content_type=problem_details.MEDIA_TYPE)
    if "HX-Request" in request.headers:
        # A fragment's place is on a page that still stands: it shows the sentence itself.
        return HttpResponse(trouble.sentence, status=trouble.status, content_type="text/plain; charset=utf-8")
    # Without the request: neither the database nor a host name is needed to say sorry.
    return HttpResponse(_page(request, trouble), status=trouble.status)


def _page(request: HttpRequest, trouble: Trouble) -> str:
    return render_to_string("error.html", {"trouble": trouble}, request=request)
