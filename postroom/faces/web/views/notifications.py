"""What one person should know: GET shows it, POST says that all of it was looked at."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.followers.notifications.read import notifications_of, see

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    """Show the newest, those not looked at yet marked."""
    user = person(request)
    if request.method == "POST":
        see(user)
        return HttpResponseRedirect(reverse("notifications"))
    return shell.page(request, "notifications.html", {"told": list(notifications_of(user)[:SHOWN])})
