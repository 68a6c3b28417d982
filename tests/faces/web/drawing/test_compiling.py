"""Templates that were worked out beforehand say what they would have said."""

from collections.abc import Callable
from typing import Any

from django.template.loader import get_template
from django.utils import translation
from jinja2 import DictLoader
from markupsafe import Markup, escape

from postroom.faces.web.drawing.compiling import PageEnvironment, shown
from postroom.faces.web.faces import avatar

_HOSTILE = "<b title=\"x\">Mallory & 'co'</b>"


def _environment(templates: dict[str, str], **options: Any) -> PageEnvironment:
    plain: dict[str, Callable[..., object]] = {
        "_": lambda sentence, **values: Markup(sentence.replace("one", "ONE")) % values,
        "double": lambda n: 2 * n,
    }
    return PageEnvironment(plain=plain, loader=DictLoader(templates), autoescape=True, **options)


def test_what_is_shown_is_escaped_as_jinja_does_it() -> None:
    for value in (_HOSTILE, Markup("<b>ours</b>"), 12, None, True, 1.5, translation.gettext_lazy("Close"), [_HOSTILE]):
        assert str(shown(value)) == str(escape(value))


def test_a_template_in_its_place_sees_what_is_around_it_and_keeps_its_own_to_itself() -> None:
    templates = {
        "page": "{% set a = 1 %}{% for n in [1, 2] %}{% include 'piece' %}{{ a }}{{ n }}{% endfor %}",
        "piece": "{% set a = n * 10 %}({{ a }} {{ who }} {% include 'gone' ignore missing %})",
    }
    for options in ({}, {"auto_reload": True}):
        drawn = _environment(templates, **options).get_template("page").render(who=_HOSTILE)
        assert drawn == f"(10 {escape(_HOSTILE)} )11(20 {escape(_HOSTILE)} )12"


def test_a_template_that_includes_itself_is_drawn_as_deep_as_it_goes() -> None:
    made = _environment({"tree": "{{ n }}{% if n %}{% set n = n - 1 %}{% include 'tree' %}{% endif %}"})
    assert made.get_template("tree").render(n=3) == "3210"


def test_plain_functions_are_asked_once_where_nothing_varies() -> None:
    source = "{{ _('one') }}{{ double(4) }}{{ _('of %(name)s', name=name) }}{{ double(n) }}"
    made = _environment({"page": source})
    code = made.compile(source, raw=True)
    assert "ONE8" in code
    assert made.get_template("page").render(n=3, name=_HOSTILE) == f"ONE8of {escape(_HOSTILE)}6"


def test_each_language_has_sentences_of_its_own() -> None:
    template = "_offline.html"
    drawn: dict[str, str] = {}
    for language in ("en", "fr", "es", "en"):
        with translation.override(language):
            words = get_template(template).render()
        assert drawn.setdefault(language, words) == words
    assert len(set(drawn.values())) == 3


def test_a_face_escapes_whoever_it_is_of() -> None:
    assert _HOSTILE not in avatar(_HOSTILE)
    assert str(escape(_HOSTILE)) in avatar(_HOSTILE)
    assert "<img" in avatar("Alice", photo="0" * 64)
