"""What the import linter cannot see points downward, too."""

import ast
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from tests.house.tree import ROOT, name, parse

_TEMPLATES = ROOT / "postroom/faces/web/templates"
_NAMED = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")


def _storeys() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = {contract["id"]: contract["layers"] for contract in contracts if "layers" in contract}
    core = [f"core.{room}" for room in _rooms(layers["core"])]
    return list(chain.from_iterable(core if room == "core" else [room] for room in _rooms(layers["storeys"])))


def _rooms(layers: list[str]) -> list[str]:
    return [room for layer in layers for room in re.findall(r"\w+", layer)]


def _floor(model: type[Model]) -> int:
    """Return how far up a model lives, 0 at the top; what is not ours lies below everything."""
    for floor, room in enumerate(_STOREYS):
        if model.__module__.startswith(f"postroom.{room}."):
            return floor
    return len(_STOREYS)


_STOREYS = _storeys()
_OUR_MODELS = [model for model in apps.get_models() if model.__module__.startswith("postroom.")]


@pytest.mark.parametrize("model", _OUR_MODELS, ids=lambda model: model._meta.label)
def test_a_foreign_key_points_at_its_own_storey_or_below(model: type[Model]) -> None:
    related = [field.related_model for field in model._meta.fields if isinstance(field.related_model, type)]
    assert [other for other in related if _floor(other) < _floor(model)] == []


def test_a_template_that_another_names_is_there() -> None:
    named = {
        (path.name, other)
        for path in _TEMPLATES.rglob("*.html")
        for other in _NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert [pair for pair in sorted(named) if not (_TEMPLATES / pair[1]).is_file()] == []


@pytest.mark.parametrize("path", sorted((ROOT / "postroom").rglob("migrations/[0-9]*.py")), ids=name)
def test_a_migration_imports_nothing_of_ours(path: Path) -> None:
    nodes = list(ast.walk(parse(path)))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    own = ".".join(path.relative_to(ROOT).parts[:-1])
    assert {module for module in imported if module.startswith("postroom") and not module.startswith(own)} == set()
