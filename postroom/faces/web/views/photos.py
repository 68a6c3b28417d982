"""The photos of colleagues: for everybody who is signed in, and for nobody else."""

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from postroom.core.accounts.actions.photo import PhotoRefused, remove_photo, set_photo
from postroom.core.accounts.models import User
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.upload_limit import TOO_LARGE
from postroom.faces.web.views.attachments import download, stored
from postroom.faces.web.views.profile import show as show_profile
from postroom.lib.pictures import LARGEST_FILE

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = 24 * 60 * 60


@require_safe
@signed_in
def photo(request: HttpRequest, digest: str) -> HttpResponse:
    """Return a photo that somebody here has: a picture of our own making, whatever was uploaded."""
    if not _DIGEST.fullmatch(digest) or not User.objects.filter(photo_digest=digest).exists():
        raise Http404
    etag = quote_etag(digest)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified(headers={"ETag": etag})
    else:
        response = download(stored(digest), name="photo.webp", content_type="image/webp", inline=True, etag=etag)
        del response["Cache-Control"]
    # Another photo has another address.
    patch_cache_control(response, private=True, max_age=_DAY)
    return response


@require_POST
@signed_in
def my_photo(request: HttpRequest) -> HttpResponse:
    """Take a new photo of mine (`photo`), or with `do` remove the one there is."""
    me = person(request)
    if request.POST.get("do") == "remove":
        remove_photo(me, by=me)
        return _saved()
    upload = request.FILES.get("photo")
    if TOO_LARGE in request.META or (upload is not None and (upload.size or 0) > LARGEST_FILE):
        return show_profile(request, photo_mistake=_("This picture is too large. Nothing was changed."), status=413)
    if upload is None:
        return show_profile(request, photo_mistake=_("Choose a picture first."), status=422)
    try:
        set_photo(me, data=upload.read(), by=me)
    except PhotoRefused as refused:
        return show_profile(request, photo_mistake=str(refused), status=422)
    return _saved()


def _saved() -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('settings-profile')}?saved=1")
