"""The sheet of all styles and the scripts, each as one file, under addresses that change when a file changes."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

from postroom.faces.web.drawing.linking import linked

_FOLDER = Path(__file__).resolve().parents[1] / "static" / "postroom"

# Each component has its own sheet; the order of the layers is in layers.css, so the order here says nothing.
STYLESHEETS = (
    "layers", "tokens", "reset", "type", "button", "field", "forms", "pages", "chip", "card", "avatar", "menu",
    "dialog", "toast", "shell", "sidebar", "list", "bulk", "moving", "conversation", "message", "body", "reading",
    "composer", "beside",
    "panel", "time", "evidence", "fate", "sending", "empty", "told", "ledger", "alarms", "access", "fetching",
    "history", "people", "sensitive", "second-factor", "sign-on", "viewer",
    "here", "drafts",
    "audit", "search", "notifications", "palette", "swipe", "offline",
    "utilities",
)  # fmt: skip
# What the agents' pages run; every other script of a page is a module of its name.
_SHELL = ("page.js", "frames.js", "inbox.js")
# The offline page is kept by the service worker, and says nothing else.
_OFFLINE = ("layers", "tokens", "reset", "type", "button", "pages", "card")
SHEETS = {"all": STYLESHEETS, "offline": _OFFLINE}

_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_INDENT = re.compile(r"\n\s*")


def sheet_address(name: str) -> str:
    """Return the address of one sheet of SHEETS."""
    return f"{settings.POSTROOM_ASSETS_URL}{name}.css"


def script_address(name: str) -> str:
    """Return the address of a script: "shell", or the name of a module in js/."""
    return f"{settings.POSTROOM_ASSETS_URL}{name}.js"


def made(path: str) -> str | None:
    """Return what lies at such an address, or nothing when there is none of this name."""
    name, _dot, kind = path.rpartition(".")
    if kind == "css" and name in SHEETS:
        return _sheet(name)
    return _script(name) if kind == "js" and (name == "shell" or name in modules()) else None


@lru_cache(maxsize=1)
def modules() -> frozenset[str]:
    """Return the names of the scripts that a page may ask for."""
    return frozenset(path.stem for path in (_FOLDER / "js").glob("*.js"))


def _sheet(name: str) -> str:
    text = "\n".join((_FOLDER / "css" / f"{one}.css").read_text() for one in SHEETS[name])
    # No string in a sheet of ours holds either.
    text = _INDENT.sub("\n", _COMMENT.sub("", text))
    return text.replace('url("../', f'url("{static("postroom/")}')


def _script(name: str) -> str:
    entries = _SHELL if name == "shell" else (f"{name}.js",)
    return linked(_FOLDER / "js", entries, library=lambda path: static(f"postroom/{path.removeprefix('../')}"))
