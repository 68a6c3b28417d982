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
from jinja2 import TemplateAssertionError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from postroom.lib import clock

_MINUTE = 60
# Of about a kilobyte each.
_MOST = 5000


class Keeper:
    """What was drawn: of this minute or so, and of the one before."""

    def __init__(self, *, most: int = _MOST, seconds: float = _MINUTE) -> None:
        self._most = most
        self._seconds = seconds
        self._young: dict[Hashable, str] = {}
        self._old: dict[Hashable, str] = {}
        self._until = 0.0

    def show(self, key: tuple[Hashable, ...], draw: Callable[[], str]) -> str:
        """Return what was drawn from an equal key, or draw it."""
        if (now := time.monotonic()) > self._until or len(self._young) >= self._most:
            # Two threads may both do so: then something is drawn once more than it had to be.
            self._old, self._young, self._until = self._young, {}, now + self._seconds
        drawn = self._young.get(key)
        if drawn is None:
            drawn = self._old.get(key)
            if drawn is None:
                _refuse_unlike(key)
                drawn = str(draw())
            self._young[key] = drawn
        return drawn


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

    def parse(self, parser: Parser) -> nodes.Node:
        """Make a call of what stands between, so that it runs only where nothing was kept."""
        lineno = next(parser.stream).lineno
        keys: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            if keys:
                parser.stream.expect("comma")
            keys.append(parser.parse_expression())
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        name = nodes.Const(f"{parser.name}:{lineno}")
        call = self.call_method("show", [name, nodes.Tuple(keys, "load")], lineno=lineno)
        return nodes.CallBlock(call, [], [], body).set_lineno(lineno)

    def show(self, name: str, values: tuple[Hashable, ...], *, caller: Callable[[], str]) -> str:
        """Return the part called so, drawn from these values."""
        key = (name, clock.minute(), timezone.get_current_timezone(), values)
        keeper: Keeper = self.environment.keeper  # type: ignore[attr-defined]
        return keeper.show(key, caller)


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
