"""What others wrote is what they wrote, and every icon that a page names is drawn."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

import postroom.faces.web

WEB = Path(postroom.faces.web.__file__).parent
VENDOR = WEB / "static" / "postroom" / "vendor"
SUMS = {name: digest for digest, name in (line.split() for line in (VENDOR / "SHA256SUMS").read_text().splitlines())}


@pytest.mark.parametrize("name", sorted(SUMS))
def test_a_vendored_file_is_unchanged(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == SUMS[name]


def test_every_vendored_file_is_in_the_list() -> None:
    made = {path.name for path in VENDOR.iterdir()} - {"SHA256SUMS", "vendor.toml"}
    packages = tomllib.loads((VENDOR / "vendor.toml").read_text())["package"]
    listed = {name for package in packages for name in [*package["files"], *filter(None, [package.get("sprite")])]}
    assert made == listed == set(SUMS)


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "lucide.svg").read_text()))
    named = set()
    for template in (WEB / "templates").rglob("*.html"):
        named |= set(re.findall(r'icon\(\s*"([a-z0-9-]+)"', template.read_text()))
    assert named - drawn == set()
