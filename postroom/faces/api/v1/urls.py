"""The addresses of the API, version 1."""

from django.urls import URLPattern, path, re_path, register_converter

from postroom.faces.api.v1.door import door, nothing_here
from postroom.faces.api.v1.routes import NAMES, by_path


class Digits:
    """`<digits:…>`: up to eighteen digits, so that an absurd number is 404 and not a fault."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Digits, "digits")

urlpatterns: list[URLPattern] = [
    *(path(f"api/v1/{one}", door, {"methods": methods}, name=NAMES[one]) for one, methods in by_path().items()),
    re_path(r"^api(?:/.*)?\Z", nothing_here, name="api-nothing"),
]
