"""Change the key that seals what is secret: mailboxes' passwords, tokens, private keys, seeds of second factors.

Two steps, with a restart between them, so that every process knows both keys before anything is sealed with the new
one and nothing is lost wherever this is cut off.
"""

# ruff: noqa: SLF001  (Django documents `_meta` and `_default_manager`)

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from postroom.lib.sealing import SealBroken, is_newest, seal, unseal
from postroom.wiring import keys

# What a field is called that holds something sealed, in every model of ours.
SEALED = "sealed_"
# Of allauth's second factors: the parts of `data` that its adapter seals.
_FACTORS = ("mfa", "Authenticator", ("secret", "seed"))


@dataclass(frozen=True)
class Sealed:
    """One sealed text, where it lies, and how another is put in its place if it is still the same."""

    where: str
    text: str
    replace: Callable[[str], int]


@dataclass(frozen=True)
class Resealed:
    """How many texts there are, how many were sealed anew, and where none of our keys fits."""

    seen: int
    anew: int
    broken: tuple[str, ...]


def reseal() -> Resealed:
    """Seal everything with the newest key that is not; what nobody can open is named and left as it is."""
    seen = anew = 0
    broken = []
    for one in everything_sealed():
        seen += 1
        if is_newest(one.text, key=settings.POSTROOM_KEY):
            continue
        try:
            anew += one.replace(seal(unseal(one.text, key=settings.POSTROOM_KEY), key=settings.POSTROOM_KEY))
        except SealBroken:
            broken.append(one.where)
    return Resealed(seen, anew, tuple(broken))


def everything_sealed() -> Iterator[Sealed]:
    """Yield every sealed text there is."""
    for model, field in sealed_fields():
        rows = model._default_manager.exclude(**{field: ""})
        for pk, text in rows.values_list("pk", field).iterator():
            where = f"{model._meta.verbose_name} {pk}, {field}"
            yield Sealed(where, text, _column(model, pk=pk, field=field, text=text))
    app, name, parts = _FACTORS
    factors = apps.get_model(app, name)
    for row in factors._default_manager.iterator():
        for part in parts:
            if text := row.data.get(part, ""):
                yield Sealed(f"second factor {row.pk}, {part}", text, _part(factors, row, part=part))


def sealed_fields() -> list[tuple[type[models.Model], str]]:
    """Return every model's fields that hold something sealed."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.startswith(SEALED)
    ]


def pending() -> bool:
    """Tell whether a change of the key was begun and not ended."""
    return len(keys.ring(settings.POSTROOM_DATA)) > 1


def _column(model: type[models.Model], *, pk: object, field: str, text: str) -> Callable[[str], int]:
    def put(fresh: str) -> int:
        return model._default_manager.filter(pk=pk, **{field: text}).update(**{field: fresh})

    return put


def _part(factors: type[models.Model], row: Any, *, part: str) -> Callable[[str], int]:
    def put(fresh: str) -> int:
        kept = dict(row.data)
        row.data[part] = fresh
        return factors._default_manager.filter(pk=row.pk, data=kept).update(data=row.data)

    return put
