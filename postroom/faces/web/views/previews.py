"""A document looked at without another program: its pages as pictures of our own, or its words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from postroom.faces.web import previews
from postroom.faces.web.access import signed_in
from postroom.faces.web.locked_files import locked
from postroom.faces.web.views.attachments import stored
from postroom.faces.web.visible import attachment_or_404
from postroom.lib import pdf

# Twice the width at which it is shown: sharp on a good screen, and readable when somebody leans in.
_WIDTH = 1400
_A_DAY = 24 * 60 * 60


@require_safe
@signed_in
def preview(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """Return what the viewer shows of a PDF or a text file, as a piece of a page."""
    file = attachment_or_404(request, attachment_id)
    if refusal := locked(request, [file.digest]):
        return refusal
    kind = previews.kind_of(file.name, file.content_type)
    if not kind:
        raise Http404
    data = stored(file.digest)
    context: dict[str, object] = {"file": file, "pages": None, "excerpt": None, "most": previews.MOST_PAGES}
    if kind == previews.TEXT:
        context["excerpt"] = previews.excerpt(data)
    else:
        try:
            context["pages"] = pdf.pages(data, most=previews.MOST_PAGES)
        except pdf.NotDrawn:
            context["pages"] = None
    return _private(render(request, "_preview.html", context))


@require_safe
@signed_in
def preview_page(request: HttpRequest, attachment_id: int, number: int) -> HttpResponseBase:
    """Return one page of a PDF as a picture; 404 when there is none."""
    file = attachment_or_404(request, attachment_id)
    if refusal := locked(request, [file.digest]):
        return refusal
    if previews.kind_of(file.name, file.content_type) != previews.PDF or number > previews.MOST_PAGES:
        raise Http404
    try:
        picture = pdf.page(stored(file.digest), number=number, width=_WIDTH)
    except pdf.NotDrawn:
        raise Http404 from None
    response = HttpResponse(picture, content_type="image/png")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    # Drawing costs: within a day the browser need not ask again. Whoever lost access has seen it already.
    patch_cache_control(response, private=True, max_age=_A_DAY)
    return response


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response
