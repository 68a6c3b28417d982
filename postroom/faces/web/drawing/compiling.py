"""Templates compiled for one language, as far as they are known beforehand.

Four things happen when Jinja makes Python of a template. What it includes is put in its place: an include at run
time copies the whole context and hands every piece of text up through all that include it. Calls of plain functions
become filters: those are called directly, and worked out here and now when they are asked for nothing that varies, so
that sentences, icons and fixed addresses are literal text. And what is shown is escaped by a function that makes plain
strings, ten times faster than one that makes `Markup`.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, Template, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe import _escape_inner as _escaped  # type: ignore[attr-defined]  # what `escape` makes Markup of

from postroom.faces.web.drawing.keeping import Keeping, check_kept

_NOTHING: Mapping[str, object] = MappingProxyType({})


def shown(value: object) -> str:
    """Return a value as it stands in a page: what jinja2's `escape` returns, but for its type."""
    kind = type(value)
    if kind is str:
        return _escaped(value)  # type: ignore[arg-type]
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


class PageCompiler(CodeGenerator):
    """Writes `shown` where Jinja would write `escape`, and blocks that are drawn whole."""

    def func(self, name: str) -> str:
        """Return how the definition of a function begins; blocks know each other by what they are called there."""
        if name == "root" or name.startswith("block_"):
            self.writeline("@environment.whole")
        return super().func(name)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


def whole(draw: Callable[..., Iterator[str]]) -> Callable[[Context], Iterator[str]]:
    """Let a block, or a whole template, hand up one text."""

    def drawn(context: Context) -> Iterator[str]:
        yield "".join(draw(context))

    return drawn


class PageTemplate(Template):
    """A template among others that all have the same globals."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:  # noqa: ARG002  (Jinja's own)
        # Jinja looks at each import whether the importing one knows more than this one.
        return super()._get_default_module()


class PageEnvironment(Environment):
    """Jinja's environment for the pages of one language.

    `plain` are functions of their arguments and the language, `fixed` what else a kept part may show.
    """

    code_generator_class = PageCompiler
    template_class = PageTemplate
    shown = staticmethod(shown)
    whole = staticmethod(whole)

    def __init__(
        self, *, plain: Mapping[str, Callable[..., object]], fixed: Mapping[str, object] = _NOTHING, **options: Any
    ) -> None:
        super().__init__(**options)
        self.add_extension(Keeping)
        self._plain = frozenset(plain)
        self._fixed = frozenset(fixed)
        self.globals.update(fixed)
        self.globals.update(plain)
        self.filters.update(plain)

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002  (Jinja's own)
    ) -> str:
        made = _Beforehand(self, self._plain, within=(name,), own=_names_made_in(source)).visit(source)
        if not self.auto_reload:
            # Where includes are left to be found, what they show is not known.
            for part in made.find_all(nodes.CallBlock):
                check_kept(part, plain=self._plain | self._fixed, name=name)
        return super()._generate(made, name, filename, defer_init)


def _names_made_in(tree: nodes.Template) -> frozenset[str]:
    names = {one.name for one in tree.find_all(nodes.Name) if one.ctx in ("store", "param")}
    names |= {one.name for one in tree.find_all(nodes.Macro)}
    for found in tree.find_all(nodes.FromImport):
        names |= {one if isinstance(one, str) else one[1] for one in found.names}
    return frozenset(names)


class _Beforehand(NodeTransformer):
    def __init__(
        self, environment: Environment, plain: frozenset[str], *, within: tuple[str | None, ...], own: frozenset[str]
    ) -> None:
        self._environment = environment
        self._plain = plain
        self._within = within
        # Names that templates give to things of their own.
        self._own: frozenset[str] = own

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802  (Jinja's own)
        """Put a template that is named by a literal in the place where it is included."""
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        # Whoever works on a template wants to see it change, and to be told its own line.
        if not isinstance(name, str) or not node.with_context or self._environment.auto_reload or name in self._within:
            return node
        try:
            text, filename, _fresh = self._environment.loader.get_source(self._environment, name)  # type: ignore[union-attr]
        except TemplateNotFound:
            return node
        tree = self._environment.parse(text, name, filename)
        if next(tree.find_all((nodes.Extends, nodes.Block)), None):
            return node
        own = self._own | _names_made_in(tree)
        inner = _Beforehand(self._environment, self._plain, within=(*self._within, name), own=own)
        return nodes.Scope(inner.visit(tree).body, lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  (Jinja's own)
        """Make a filter of a plain function's call; its first argument is what the filter is put on."""
        self.generic_visit(node)
        called = node.node
        if not isinstance(called, nodes.Name) or not node.args:
            return node
        if called.name not in self._plain and not self._is_called_directly(called.name, node.args[0]):
            return node
        first, *others = node.args
        return nodes.Filter(
            first, called.name, others, node.kwargs, node.dyn_args, node.dyn_kwargs, lineno=node.lineno
        ).set_environment(self._environment)

    def _is_called_directly(self, name: str, first: nodes.Expr) -> bool:
        """Tell whether it is a global function that wants nothing of Jinja; it becomes a filter too.

        With a value that stands in the template it stays a call: filters of such values are worked out beforehand.
        """
        function = self._environment.globals.get(name)
        if name in self._own or isinstance(first, nodes.Const) or not callable(function) or isinstance(function, type):
            return False
        if getattr(function, "jinja_pass_arg", None) is None and name not in self._environment.filters:
            self._environment.filters[name] = function
        return self._environment.filters.get(name) is function
