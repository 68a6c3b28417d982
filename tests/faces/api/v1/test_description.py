"""The description says what is so: each address, each method, and each answer."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pydantic import BaseModel

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.reply import reply
from postroom.faces.api.v1 import shapes, shapes_sent
from postroom.faces.api.v1.openapi import description
from postroom.faces.api.v1.routes import ROUTES
from postroom.faces.api.v1.urls import urlpatterns
from tests.faces.api.v1.conftest import Program, Scene
from tests.house.tree import ROOT

_PAPER = ROOT / "docs/api.md"
# NUL, a lone surrogate, what turns the text around: whatever databases and pages stumble over.
_TEXT = some.text("ab @<>.\0\n\u202e\u00e9\U0001f600\ud800", max_size=12)
_ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | _TEXT | some.sampled_from(["me", "9" * 400]),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)
_FIELDS = some.sampled_from(
    ["html", "text", "state", "anyway", "to", "cc", "bcc", "send_after", "cancel_if_answered", "person", "team", "x"]
)


def _refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from _refs(one)


def test_each_address_is_described_with_all_its_methods() -> None:
    told: Any = description()
    served = {re.sub(r"<digits:\w+>", "{number}", str(one.pattern)) for one in urlpatterns if one.name != "api-nothing"}
    assert {f"api/v1{path}" for path in told["paths"]} == served
    assert sum(len(methods) for methods in told["paths"].values()) == len(ROUTES)
    assert {ref.rpartition("/")[2] for ref in _refs(told)} <= set(told["components"]["schemas"])
    for route in ROUTES:
        for name in filter(None, (route.gives, route.takes)):
            assert name in told["components"]["schemas"], route


def test_the_fields_are_those_that_are_read_and_given() -> None:
    schemas: Any = description()["components"]
    for module in (shapes, shapes_sent):
        for name, shape in vars(module).items():
            if isinstance(shape, type) and issubclass(shape, BaseModel) and name in schemas["schemas"]:
                fields = {field.serialization_alias or key for key, field in shape.model_fields.items()}
                assert set(schemas["schemas"][name]["properties"]) == fields, name
                assert schemas["schemas"][name]["additionalProperties"] is False


def test_anybody_may_read_the_description(scene: Scene) -> None:
    answer = Program("").client.get("/api/v1/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")
    assert scene.alice.ask("POST", "/openapi.json").status_code == 405


def test_refusals_are_what_is_described(scene: Scene, bob: User) -> None:
    state = scene.alice.state(scene.conversation.pk)
    reply(scene.conversation, by=bob, html="<div>Mine.</div>")
    place = f"{scene.path}/replies"
    stopped = scene.alice.ask("POST", place, {"text": "x", "state": state})
    shapes.MovedProblem.model_validate_json(_by_field_names(stopped.content))
    shapes.InvalidProblem.model_validate_json(scene.alice.ask("POST", place, {"txet": "x"}).content)
    shapes.Problem.model_validate_json(scene.charlie.ask("GET", scene.path).content)
    for body, kind, status in (
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'"' * 9_000_000, "application/json", 413),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"", "", 415),
        (b"--x\r\n", "multipart/form-data", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
    ):
        answer = scene.alice.ask("POST", place, body, Content_Type=kind)
        assert answer.status_code == status, (kind, answer.content)
        assert answer.headers["Content-Type"] == "application/problem+json"


def _by_field_names(content: bytes) -> bytes:
    return content.replace(b'"from":', b'"from_":')


@given(body=some.dictionaries(_FIELDS, _ANYTHING, max_size=5) | _ANYTHING, which=some.integers(0, 2))
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def _throw(scene: Scene, body: object, which: int) -> None:
    method, below = (("POST", "/replies"), ("POST", "/notes"), ("PUT", "/owner"))[which]
    answer = scene.alice.ask(method, f"{scene.path}{below}", body)
    assert answer.status_code < 500, body


def test_nothing_that_is_sent_is_a_fault_of_ours(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postroom.faces.api.v1.door.BUCKETS.wait", lambda *_any: 0)
    _throw(scene)


def test_the_paper_names_every_address_and_no_other() -> None:
    paper = Path(_PAPER).read_text(encoding="utf-8")
    for path in description()["paths"]:  # type: ignore[union-attr]
        assert f"`/api/v1{path}`" in paper, path
    named = set(re.findall(r"/api/v1/([\w/{}.]+)", paper))
    assert {re.sub(r"\d+|\{number\}", "N", one.rstrip("/.")) for one in named} <= {
        str(path).lstrip("/").replace("{number}", "N")
        for path in description()["paths"]  # type: ignore[union-attr]
    }
    for block in re.findall(r"```json\n(.*?)```", paper, re.DOTALL):
        json.loads(block)
