"""Who may open which page. What somebody may not see is 404, as if it were not there."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import ACCESS, MAILBOXES, may, may_manage, permissions_of
from postroom.core.accounts.rights import kept_by
from postroom.faces.web.demo import is_demo

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def person(request: HttpRequest) -> User:
    """Return who is signed in; only for views behind `signed_in`."""
    user = request.user
    assert isinstance(user, User)
    # Not the lazy object around them, through which every look at a field takes three times as long.
    return cast("User", getattr(user, "_wrapped", user))


def signed_in(view: View[Rest]) -> View[Rest]:
    """Let nobody in who has not signed in: they are sent to do so and come back."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            # A page looks at its person some two hundred times.
            request.user = person(request)
            return view(request, *args, **kwargs)
        if "HX-Request" in request.headers:
            # A fragment cannot be a sign-in page; htmx leaves the whole page for this address.
            response = HttpResponse(status=401)
            response["HX-Redirect"] = reverse("sign-in")
            return response
        back = request.get_full_path() if request.method == "GET" else "/"
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': back})}")

    return checked


def needs(*permissions: str) -> Callable[[View[Rest]], View[Rest]]:
    """Let in whose role allows one of these (core/accounts/permissions.py); for others the page is not there."""

    def guard(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if permissions_of(person(request)).isdisjoint(permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return signed_in(checked)

    return guard


def keeper_only(view: View[Rest]) -> View[Rest]:
    """Let in who may change the settings of the mailbox in the address, or where there is none, those of any."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        mailbox_id = kwargs.get("mailbox_id")
        me = person(request)
        keeps = may_manage(me, mailbox_id) if isinstance(mailbox_id, int) else keeps_some(me)
        if not keeps:
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(checked)


def access_or_keeper(view: View[Rest]) -> View[Rest]:
    """Let in who says who sees which mailbox, and who keeps the one in the address."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if may(person(request), ACCESS):
            return view(request, *args, **kwargs)
        return keeper_only(view)(request, *args, **kwargs)

    return signed_in(checked)


def keeps_some(me: User) -> bool:
    """Tell whether there is a mailbox whose settings this person may change, or whether they may add the first."""
    return may(me, MAILBOXES) or kept_by(me).exists()


def demo_only(view: View[Rest]) -> View[Rest]:
    """Be there only in a demo installation."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not is_demo(request):
            raise Http404
        return view(request, *args, **kwargs)

    return checked
