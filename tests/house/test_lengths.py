"""Files and functions stay short enough to be read at once."""

import ast

from tests.house.tree import name, parse, python_files, tracked

_LONGEST_FILE = 300
_LONGEST_FUNCTION = 60
_OF_PAGES = (".js", ".css", ".html")


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    files = [path for folder in ("postroom", "tests") for path in python_files(folder)]
    pages = [path for path in tracked() if path.suffix in _OF_PAGES and "vendor" not in path.parts]
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*files, *pages]}
    assert {path: lines for path, lines in lengths.items() if lines > _LONGEST_FILE} == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = {
        f"{name(path)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in python_files("postroom")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > _LONGEST_FUNCTION
    }
    assert long == {}
