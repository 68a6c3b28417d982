"""Read what a program sends: JSON, or a form with JSON in one part and files in others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import ValidationError

from postroom.faces.api.v1.asking import Asking, Problem
from postroom.faces.api.v1.shapes_sent import Sent

Kind = TypeVar("Kind", bound=Sent)
# The longest text, with each of its letters escaped.
_MOST = 8 * 1024 * 1024
# The parts of a form.
MESSAGE, FILE = "message", "file"
# Where the upload handler of the settings says that it threw a file away (faces/web/upload_limit.py).
_TOO_LARGE = "postroom.too_large"


@dataclass(frozen=True)
class Body(Generic[Kind]):
    """What was sent, and the files with it."""

    said: Kind
    files: Sequence[UploadedFile] = ()


def read(asking: Asking, kind: type[Kind]) -> Body[Kind]:
    """Read the body as such a shape; a problem says what is wrong with it, field by field."""
    request = asking.request
    if request.content_type == "application/json":
        return Body(_shape(_whole(request), kind))
    if request.content_type == "multipart/form-data":
        return _form(request, kind)
    raise Problem(415, "media-type", _("Send application/json, or multipart/form-data for files. Nothing was taken."))


def read_json(asking: Asking, kind: type[Kind]) -> Kind:
    """As `read`, where no files belong."""
    if asking.request.content_type != "application/json":
        raise Problem(415, "media-type", _("Send application/json. Nothing was taken."))
    return _shape(_whole(asking.request), kind)


def _whole(request: HttpRequest) -> bytes:
    body: bytes = request.read(_MOST + 1)
    if len(body) > _MOST:
        raise Problem(413, "too-large", _("This is larger than the 8 MB that are read here. Nothing was taken."))
    return body


def _form(request: HttpRequest, kind: type[Kind]) -> Body[Kind]:
    strange = [*({*request.POST} - {MESSAGE}), *({*request.FILES} - {FILE})]
    if _TOO_LARGE in request.META:
        name = str(request.META[_TOO_LARGE])[:100]
        raise Problem(413, "too-large", _("%(name)s is too large to be sent. Nothing was taken.") % {"name": name})
    if strange:
        sentence = _("A form has the parts “message” (JSON) and “file”, as many as you like. Nothing was taken.")
        raise Problem(422, "invalid", sentence, more={"errors": [_fault(str(strange[0])[:100], sentence)]})
    return Body(_shape(request.POST.get(MESSAGE, "").encode(), kind), request.FILES.getlist(FILE))


def _shape(body: bytes, kind: type[Kind]) -> Kind:
    try:
        return kind.model_validate_json(body)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False, include_context=False)
    if first[0]["type"] == "json_invalid":
        raise Problem(400, "no-json", _("The body is no JSON. Nothing was taken.")) from None
    errors = [
        _fault(".".join(map(str, one["loc"]))[:200], one["msg"].removeprefix("Value error, ")) for one in first[:20]
    ]
    sentence = _("What was sent cannot be meant; `errors` says where. Nothing was taken.")
    raise Problem(422, "invalid", sentence, more={"errors": errors})


def _fault(field: str, sentence: str) -> dict[str, str]:
    return {"field": field, "sentence": sentence}
