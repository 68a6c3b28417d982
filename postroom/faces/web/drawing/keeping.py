"""Parts of pages that are drawn once and shown again: `{% kept row, place.key %} … {% endkept %}`.

What stands between is drawn from the values that are named and from nothing else; who names too little is told when the
template is compiled. The language has an environment of its own, and the reader's time zone and the present minute
belong to every part, so that a time in it is as right as on a page that was opened a minute ago. What nobody has asked
for during a minute or two is forgotten: these are customers' words.
"""

import time
from collections.abc import Callable, Hashable, Iterator

from django.db.models import Model
from django.utils import timezone
from jinja2 import Environment, TemplateAssertionError, nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup

from postroom.lib import clock

_MINUTE = 60
# Of about a kilobyte each.
_MOST = 5000
# No template can write it.
_FIND = "kept part"


class Keeper:
    """What was drawn: of this minute or so, and of the one before."""

    def __init__(self, *, most: int = _MOST, seconds: float = _MINUTE) -> None:
        self._most = most
        self._seconds = seconds
        self._young: dict[Hashable, Markup] = {}
        self._old: dict[Hashable, Markup] = {}
        self._until = 0.0

    def find(self, key: tuple[Hashable, ...]) -> Markup | None:
        """Return what was drawn from an equal key, None for what is not kept."""
        if (now := time.monotonic()) > self._until or len(self._young) >= self._most:
            # Two threads may both do so: then something is drawn once more than it had to be.
            self._old, self._young, self._until = self._young, {}, now + self._seconds
        drawn = self._young.get(key)
        if drawn is None and (drawn := self._old.get(key)) is not None:
            self._young[key] = drawn
        return drawn

    def keep(self, key: tuple[Hashable, ...], drawn: str) -> Markup:
        """Keep what was drawn from this key, and return it."""
        _refuse_unlike(key)
        self._young[key] = made = Markup(drawn)  # noqa: S704  (drawn by a template, which escaped it)
        return made


def _refuse_unlike(key: object) -> None:
    """Raise for what is equal to another value that is shown otherwise: a row to its older self, markup to text."""
    if isinstance(key, (Model, Markup)):
        raise TypeError(f"{key!r} says nothing of how it is shown: name the values of it that a kept part shows.")
    if isinstance(key, tuple):
        for one in key:
            _refuse_unlike(one)


class Keeping(Extension):
    """The tag `kept`."""

    tags = {"kept"}

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.keeper = Keeper()
        environment.filters[_FIND] = self.find

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Look for what was kept; where there is nothing, call what stands between.

        The look is a filter, which is called directly: a list of fifty rows is fifty of them, and nearly all are found.
        """
        lineno = next(parser.stream).lineno
        keys: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            if keys:
                parser.stream.expect("comma")
            keys.append(parser.parse_expression())
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        name = nodes.Const(f"{parser.name}:{lineno}")
        found = parser.free_identifier(lineno=lineno)
        look = nodes.Filter(nodes.Tuple(keys, "load"), _FIND, [name], [], None, None)
        draw = nodes.CallBlock(self.call_method("draw", [name, nodes.Tuple(keys, "load")]), [], [], body)
        shown = nodes.Output([found])
        made = [nodes.Assign(found, look), nodes.If(found, [shown], [], [draw])]
        return [one.set_lineno(lineno) for one in made]

    # Not worked out beforehand where nothing that is named varies.
    @pass_context
    def find(self, _context: Context, values: tuple[Hashable, ...], name: str) -> Markup | None:
        """Return the part called so if it is kept as drawn from these values."""
        return self.keeper.find(_key(name, values))

    def draw(self, name: str, values: tuple[Hashable, ...], *, caller: Callable[[], str]) -> Markup:
        """Return the part called so, drawn from these values."""
        return self.keeper.keep(_key(name, values), caller())


def _key(name: str, values: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    return (name, clock.minute(), timezone.get_current_timezone(), values)


def check_kept(call: nodes.CallBlock, *, plain: frozenset[str], name: str | None) -> None:
    """Raise TemplateAssertionError where a kept part shows what it does not name. Its includes are in their places."""
    called = call.call.node
    if not (isinstance(called, nodes.ExtensionAttribute) and called.identifier == Keeping.identifier):
        return
    keys = call.call.args[1]
    assert isinstance(keys, nodes.Tuple)
    made_inside = {one.name for one in call.find_all(nodes.Name) if one.ctx in ("store", "param")}
    made_inside |= {one.name for one in call.find_all(nodes.Macro)}
    if next(call.find_all(nodes.For), None):
        made_inside.add("loop")
    for used in _used(call.body, keys.items):
        if used.name not in made_inside and used.name not in plain:
            raise TemplateAssertionError(
                f"A kept part shows “{used.name}”, which it does not name.", used.lineno or call.lineno, name
            )


def _used(among: list[nodes.Node], keys: list[nodes.Expr]) -> Iterator[nodes.Name]:
    for node in among:
        if node in keys:
            continue
        if isinstance(node, nodes.Name) and node.ctx == "load":
            yield node
        yield from _used(list(node.iter_child_nodes()), keys)
