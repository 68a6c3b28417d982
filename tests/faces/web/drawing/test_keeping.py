"""Parts that are drawn once are shown only where they would be drawn the same."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from jinja2 import DictLoader, TemplateAssertionError
from markupsafe import Markup

from postroom.core.accounts.models import Mailbox
from postroom.faces.web.drawing.compiling import PageEnvironment
from postroom.faces.web.drawing.keeping import Keeper
from postroom.lib import clock

_HOSTILE = "<b title=\"x\">Mallory & 'co'</b>"
_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def drawn() -> list[object]:
    """What was drawn, and not shown again, in order."""
    return []


@pytest.fixture
def pages(drawn: list[object]) -> Callable[..., PageEnvironment]:
    """Make an environment of these templates; `note(x)` in a template says that it was drawn."""

    def make(**templates: str) -> PageEnvironment:
        def note(one: object) -> str:
            drawn.append(one)
            return ""

        plain: dict[str, Callable[..., object]] = {"note": note, "shout": str.upper}
        # As in production, where what is included is in its place.
        options = {"loader": DictLoader(templates), "autoescape": True, "auto_reload": False}
        made = PageEnvironment(plain=plain, fixed={"words": {1: "one"}}, **options)
        made.filters["clock"] = lambda moment: f"{timezone.localtime(moment):%H:%M}"
        return made

    return make


def test_a_part_is_drawn_once_for_equal_values(pages: Any, drawn: list[object]) -> None:
    page = pages(
        page="{% for n in some %}{% kept n, who %}{{ note(n) }}({{ n }} {{ who|shout }}){% endkept %}{% endfor %}"
    )
    shown = [page.get_template("page").render(some=some, who=_HOSTILE) for some in ([1, 2, 1], [2, 3])]
    escaped = str(Markup.escape(_HOSTILE.upper()))
    assert shown == [f"(1 {escaped})(2 {escaped})(1 {escaped})", f"(2 {escaped})(3 {escaped})"]
    assert drawn == [1, 2, 3]
    page.get_template("page").render(some=[1], who="Ann")
    assert drawn == [1, 2, 3, 1]


def test_parts_of_two_places_are_two(pages: Any) -> None:
    page = pages(page="{% kept n %}a{{ n }}{% endkept %}\n{% kept n %}b{{ n }}{% endkept %}")
    assert page.get_template("page").render(n=1) == "a1\nb1"


@pytest.mark.parametrize(
    "source",
    [
        "{% kept n %}{{ who }}{% endkept %}",
        "{% kept row.name %}{{ row.id }}{% endkept %}",
        "{% kept n %}{% include 'piece' %}{% endkept %}",
        "{% for n in some %}{% kept n %}{{ loop.index }}{% endkept %}{% endfor %}",
        "{% from 'macros' import line %}{% kept n %}{{ line(n) }}{% endkept %}",
        "{% kept n %}{{ csrf_token }}{% endkept %}",
    ],
)
def test_what_a_part_shows_has_to_be_named(pages: Any, source: str) -> None:
    made = pages(page=source, piece="{{ n }}{{ who }}", macros="{% macro line(n) %}{{ n }}{% endmacro %}")
    with pytest.raises(TemplateAssertionError, match="which it does not name"):
        made.get_template("page")


def test_its_own_names_and_what_never_changes_need_no_naming(pages: Any) -> None:
    source = """{% kept row.name, some %}{% set a = row.name %}{% macro b(c) %}[{{ c }}]{% endmacro %}
{% for n in some %}{{ loop.index }}{{ b(n) }}{% endfor %}{{ a }}{{ words[1] }}{{ "x"|shout }}{% endkept %}"""
    shown = pages(page=source).get_template("page").render(row={"name": "Ann"}, some=(7, 8))
    assert shown.split() == ["1[7]2[8]AnnoneX"]


def test_a_time_is_the_readers_and_not_older_than_a_minute(pages: Any, drawn: list[object]) -> None:
    template = pages(page="{% kept at %}{{ note(at) }}{{ at|clock }}{% endkept %}").get_template("page")
    with clock.at(_NOON):
        assert template.render(at=_NOON) == template.render(at=_NOON) == "12:00"
        with timezone.override(ZoneInfo("Asia/Tokyo")):
            assert template.render(at=_NOON) == "21:00"
    assert len(drawn) == 2
    with clock.at(_NOON.replace(minute=1)):
        template.render(at=_NOON)
    assert len(drawn) == 3


@pytest.mark.parametrize("value", [Mailbox(pk=1, name="Support"), Markup("<b>ours</b>"), ((Markup("x"),),)])
def test_what_equals_something_that_looks_otherwise_names_nothing(pages: Any, value: object) -> None:
    with pytest.raises(TypeError, match="name the values"):
        pages(page="{% kept value %}{{ value }}{% endkept %}").get_template("page").render(value=value)


def test_what_nobody_asks_for_is_forgotten() -> None:
    keeper = Keeper(most=2, seconds=1000)
    drawn: list[str] = []

    def draw(name: str) -> str:
        drawn.append(name)
        return name

    def show(name: str) -> None:
        keeper.find((name,)) or keeper.keep((name,), draw(name))

    for name in ("a", "b", "a", "c", "a", "d", "e", "b"):
        show(name)
    # a was asked for again and again; b was not, when two others had come.
    assert drawn == ["a", "b", "c", "d", "e", "b"]
