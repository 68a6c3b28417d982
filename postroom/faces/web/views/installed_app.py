"""The manifest, the service worker and the offline page: for everybody, since browsers ask for them by themselves."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from postroom.faces.web import installed_app

# The worker talks to this server only. It gets a policy of its own: that of the page does not reach it.
_WORKERS_POLICY = "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say how the pages are called and look when they are installed."""
    return JsonResponse(
        installed_app.manifest(), content_type="application/manifest+json", headers={"Cache-Control": "max-age=3600"}
    )


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the worker's script; browsers look by themselves whether it has changed."""
    script = installed_app.service_worker(offline(request).content)
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _WORKERS_POLICY}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show what a browser keeps for the time without a connection; nobody's name and no mail is in it."""
    return render(request, "offline.html")
