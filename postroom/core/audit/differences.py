"""Leave in an entry what changed, and of a secret that it did."""

from collections.abc import Mapping
from typing import TypeAlias

Told: TypeAlias = str | int | bool | list[str] | list[int] | None

# Stands in place of a secret.
CHANGED = "changed"


def differences(before: Mapping[str, Told], after: Mapping[str, Told]) -> tuple[dict[str, Told], dict[str, Told]]:
    """Return of both only the fields in which they differ; one that is in neither is None there."""
    fields = [field for field in {**before, **after} if before.get(field) != after.get(field)]
    was = {field: before[field] for field in fields if field in before}
    return was, {field: after[field] for field in fields if field in after}
