"""Sixty modules become one script that does what they do."""

import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from postroom.faces.web.drawing import assets
from postroom.faces.web.drawing.linking import NotLinked, linked

_MODULES = {
    "page.js": 'import { say } from "./deep/said.js";\nimport "./twice.js";\n\nsay("page");\n',
    "deep/said.js": (
        '/** Says it. */\nimport Loud from "../../vendor/loud.mjs";\nimport { mark as sign } from "../mark.js";\n\n'
        "export const said = [];\n\nexport function say(word) {\n  // What is said is kept.\n"
        "  said.push(Loud(word) + sign);\n"
        "  return `\n  not a comment`;\n}\n"
    ),
    "mark.js": 'export const mark = "!";\nexport class Mark {}\nexport async function later() {}\n',
    "twice.js": 'import { said } from "./deep/said.js";\n\nglobalThis.all = said;\n',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, code in _MODULES.items():
        (tmp_path / "js" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "js" / name).write_text(code)
    return tmp_path / "js"


def test_each_module_comes_once_and_after_those_that_it_needs(folder: Path) -> None:
    script = linked(folder, ("page.js", "twice.js"), library=lambda path: f"/static/{path.removeprefix('../')}")
    assert script.startswith('import library_loud from "/static/vendor/loud.mjs";\n')
    begun = [line for line in script.splitlines() if "??= (() =>" in line]
    assert [line.split('"')[1] for line in begun] == ["mark.js", "deep/said.js", "twice.js", "page.js"]
    assert 'const { mark: sign } = modules["mark.js"];' in script
    assert "return { mark, Mark, later };" in script
    assert "Says it" not in script
    assert "What is said" not in script


@pytest.mark.browser
def test_what_two_scripts_share_is_one_and_the_same(folder: Path) -> None:
    (folder.parent / "loud.mjs").write_text("export default (word) => word.toUpperCase();\n")
    library = (folder.parent / "loud.mjs").as_uri()
    for name in ("page", "twice"):
        (folder.parent / f"{name}.mjs").write_text(linked(folder, (f"{name}.js",), library=lambda _path: library))
    asked = "import './page.mjs'; import './twice.mjs'; console.log(JSON.stringify(globalThis.all));"
    # Playwright's own, which is there wherever browser tests run.
    node, _script = compute_driver_executable()
    said = subprocess.run(
        [node, "--input-type=module", "-e", asked], cwd=folder.parent, capture_output=True, text=True, check=True
    )
    assert said.stdout == '["PAGE!"]\n'


@pytest.mark.parametrize(
    "code",
    [
        'import { a } from "./page.js";\n',
        'import {\n  a,\n} from\n  "./mark.js";\n',
        "export default 1;\n",
        "export { a };\n",
    ],
    ids=["in a circle", "over lines", "by default", "by a list"],
)
def test_what_cannot_be_put_into_one_script_is_refused(folder: Path, code: str) -> None:
    (folder / "mark.js").write_text(code)
    with pytest.raises(NotLinked):
        linked(folder, ("page.js",), library=str)


def test_every_script_and_every_sheet_of_ours_can_be_given() -> None:
    for name in assets.modules() | {"shell"}:
        assert assets.made(f"{name}.js"), name
    for name in assets.SHEETS:
        assert "/*" not in (assets.made(f"{name}.css") or "/*")
    sheets = {path.stem for path in Path(assets.__file__).parents[1].joinpath("static/postroom/css").glob("*.css")}
    assert sheets == set(assets.STYLESHEETS)
    assert assets.made("nothing.js") is None
    assert assets.made("composer/index.js") is None
