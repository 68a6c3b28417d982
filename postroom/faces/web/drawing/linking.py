"""Several of our ES modules as one script: a page loads one file and not sixty.

Each module becomes a function that is called once, whichever script brings it first, so that what two scripts share is
one and the same. It knows the forms that our modules use (a statement a line, nothing renamed on the way out); whatever
else is refused, and a test links every script.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_IMPORT = re.compile(r'^import (?:(?P<names>\{[^}]*\}|\w+) from )?"(?P<path>[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?P<what>(?:async )?function |class |const )(?P<name>[\w$]+)", re.MULTILINE)
# Comments that stand on lines of their own; a licence's (/*!) stays.
_COMMENT = re.compile(r"^[ \t]*(?:/\*(?!!).*?\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_REGISTRY = "const modules = (globalThis.postroomModules ??= {});\n"


class NotLinked(Exception):
    """A module says something that cannot be put into one script; the text names it."""


@dataclass(frozen=True)
class _Module:
    key: str
    needs: tuple[str, ...]
    libraries: tuple[str, ...]
    code: str


def linked(folder: Path, entries: tuple[str, ...], *, library: Callable[[str], str]) -> str:
    """Return one module that does what these of `folder` do, in their order.

    `library` gives the address of a script outside of the folder (../vendor/…), which stays a file of its own.
    """
    modules = list(_in_order(folder, entries))
    paths = sorted({path for module in modules for path in module.libraries})
    imports = [f'import {_library_name(path)} from "{library(path)}";\n' for path in paths]
    return "".join([*imports, _REGISTRY, *(module.code for module in modules)])


def _in_order(folder: Path, entries: tuple[str, ...]) -> Iterator[_Module]:
    """Give each module after those that it needs."""
    done: set[str] = set()
    begun: list[str] = []

    def walk(key: str) -> Iterator[_Module]:
        if key in done:
            return
        if key in begun:
            raise NotLinked(f"{' needs '.join((*begun, key))}: a circle has no first.")
        begun.append(key)
        module = _read(folder, key)
        for needed in module.needs:
            yield from walk(needed)
        begun.pop()
        done.add(key)
        yield module

    for entry in entries:
        yield from walk(entry)


def _read(folder: Path, key: str) -> _Module:
    needs: list[str] = []
    libraries: list[str] = []

    def take(found: re.Match[str]) -> str:
        path = _resolved(key, found["path"])
        names = found["names"] or ""
        if path.startswith("../"):
            libraries.append(path)
            return f"const {names} = {_library_name(path)};"
        needs.append(path)
        return f'const {names.replace(" as ", ": ")} = modules["{path}"];' if names else ""

    source = _IMPORT.sub(take, _COMMENT.sub("", (folder / key).read_text()))
    exported = [found["name"] for found in _EXPORT.finditer(source)]
    source = _EXPORT.sub(r"\g<what>\g<name>", source)
    if left := _LEFT_OVER.search(source):
        raise NotLinked(f"{key}: {left[0]}")
    code = f'modules["{key}"] ??= (() => {{\n{source}\nreturn {{ {", ".join(exported)} }};\n}})();\n'
    return _Module(key, tuple(needs), tuple(libraries), code)


def _resolved(key: str, path: str) -> str:
    """Return where a path leads from a module: "composer/draft.js", or "../vendor/squire.mjs" out of the folder."""
    parts: list[str] = []
    for part in (*PurePosixPath(key).parent.parts, *PurePosixPath(path).parts):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _library_name(path: str) -> str:
    return f"library_{PurePosixPath(path).stem}"
