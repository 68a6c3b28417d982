"""The description of the API (OpenAPI 3.1), made of the routes and the shapes themselves."""

import re
from functools import cache
from typing import TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from postroom.faces.api.v1 import shapes, shapes_sent
from postroom.faces.api.v1.bodies import FILE, MESSAGE
from postroom.faces.api.v1.routes import Route, by_path

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"
_SHAPES = "#/components/schemas/"
_NUMBER = r"<digits:\w+>"
_PROBLEM = "application/problem+json"
_ABOUT = (
    "Read conversations and answer them, as one person and under the same rules as on the pages. Make a token under "
    "Settings, API tokens. Every refusal is a problem (RFC 9457) with a `code` for programs and a `detail` for people."
)


@cache
def description() -> dict[str, Json]:
    """Return the whole document."""
    paths: dict[str, Json] = {}
    for path, methods in by_path().items():
        place = re.sub(_NUMBER, "{number}", path)
        paths[f"/{place}"] = {route.method.lower(): _operation(route) for route in methods.values()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Postroom", "version": "1", "description": _ABOUT, "license": {"name": "AGPL-3.0-or-later"}},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _operation(route: Route) -> dict[str, Json]:
    parameters: list[Json] = [_parameter("number", "path", "Its number.") for _found in re.findall(_NUMBER, route.path)]
    parameters += [_parameter(name, "query", words) for name, words in route.query]
    if route.once:
        words = "The same key a second time is answered with the first result: send one with each message."
        parameters.append(_parameter("Idempotency-Key", "header", words))
    found: dict[str, Json] = {"operationId": route.does, "summary": route.summary, "responses": _answers(route)}
    if parameters:
        found["parameters"] = parameters
    if route.takes:
        found["requestBody"] = {"required": True, "content": _content(route)}
    if route.open:
        found["security"] = []
    return found


def _parameter(name: str, place: str, words: str) -> dict[str, Json]:
    kind: dict[str, Json] = {"type": "integer", "minimum": 0} if place == "path" else {"type": "string"}
    return {"name": name, "in": place, "required": place == "path", "description": words, "schema": kind}


def _content(route: Route) -> dict[str, Json]:
    said: dict[str, Json] = {"schema": {"$ref": _SHAPES + route.takes}}
    if not route.once:
        return {"application/json": said}
    form: dict[str, Json] = {
        "type": "object",
        "required": [MESSAGE],
        "properties": {
            MESSAGE: {"$ref": _SHAPES + route.takes},
            FILE: {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}},
        },
    }
    return {"application/json": said, "multipart/form-data": {"schema": form}}


def _answers(route: Route) -> dict[str, Json]:
    if route.gives:
        good: dict[str, Json] = {"application/json": {"schema": {"$ref": _SHAPES + route.gives}}}
    else:
        good = {"application/json" if route.open else "application/octet-stream": {}}
    found: dict[str, Json] = {str(route.status): {"description": "Done.", "content": good}}
    if route.guarded:
        found["409"] = _problem(
            "Others said or did something since (`moved`), or it was joined (`joined`).", "MovedProblem", "Problem"
        )
    if route.takes or route.query:
        found["422"] = _problem("What was sent cannot be meant, or is refused.", "InvalidProblem", "Problem")
    if not route.open:
        found["default"] = _problem("A refusal: 401, 403, 404, 413, 415, 429 …")
    return found


def _problem(words: str, *names: str) -> dict[str, Json]:
    refs: list[Json] = [{"$ref": _SHAPES + name} for name in names or ("Problem",)]
    schema: dict[str, Json] = {"anyOf": refs} if len(refs) > 1 else {"$ref": _SHAPES + "Problem"}
    return {"description": words, "content": {_PROBLEM: {"schema": schema}}}


def _schemas() -> Json:
    given = [(one, "serialization") for one in _models(shapes, shapes.Shape)]
    sent = [(one, "validation") for one in _models(shapes_sent, shapes_sent.Sent)]
    _refs, found = models_json_schema([*given, *sent], by_alias=True, ref_template=_SHAPES + "{model}")  # type: ignore[list-item]
    return found["$defs"]  # type: ignore[no-any-return]


def _models(module: object, root: type[BaseModel]) -> list[type[BaseModel]]:
    found = [
        one for one in vars(module).values() if isinstance(one, type) and issubclass(one, root) and one is not root
    ]
    return [one for one in found if not one.__name__.startswith("_")]
