"""Ids in addresses: digits that fit a database, so that an absurd one is 404 and not a fault."""

from django.urls import register_converter


class IdConverter:
    """`<id:…>`: up to eighteen digits."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(IdConverter, "id")
