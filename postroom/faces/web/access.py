"""Who may open which page. What somebody may not see is 404, as if it were not there."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from postroom.core.accounts.models import User
from postroom.faces.web.demo import is_demo

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def person(request: HttpRequest) -> User:
    """Return who is signed in; only for views behind `signed_in`."""
    assert isinstance(request.user, User)
    return request.user


def signed_in(view: View[Rest]) -> View[Rest]:
    """Let nobody in who has not signed in: they are sent to do so and come back."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if "HX-Request" in request.headers:
            # A fragment cannot be a sign-in page; htmx leaves the whole page for this address.
            response = HttpResponse(status=401)
            response["HX-Redirect"] = reverse("sign-in")
            return response
        back = request.get_full_path() if request.method == "GET" else "/"
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': back})}")

    return checked


def owner_only(view: View[Rest]) -> View[Rest]:
    """Let only the owner in."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not person(request).is_owner:
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(checked)


def demo_only(view: View[Rest]) -> View[Rest]:
    """Be there only in a demo installation."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not is_demo(request):
            raise Http404
        return view(request, *args, **kwargs)

    return checked
