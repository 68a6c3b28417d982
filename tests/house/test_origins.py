"""What comes from others is pinned, and nothing here names where to fetch it."""

import hashlib
import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.house.tree import ROOT, name, tracked

_VENDOR = ROOT / "postroom/faces/web/static/postroom/vendor"
# In two halves, so that this file does not name them either.
_REGISTRIES = [
    first + second
    for first, second in (
        ("pypi", ".org"),
        ("files.python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("registry.yarn", "pkg.com"),
        ("crates", ".io"),
        ("proxy.golang", ".org"),
        ("deb.debian", ".org"),
        ("unpkg", ".com"),
        ("cdn.js", "delivr.net"),
    )
]


def test_no_registry_is_named_anywhere() -> None:
    found = [(name(path), host) for path in tracked() for host in _REGISTRIES if host.encode() in path.read_bytes()]
    assert found == []


def test_every_dependency_is_pinned_within_its_range_and_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    wanted = {"run": project["project"]["dependencies"], "dev": project["dependency-groups"]["dev"]}
    for which, requirements in wanted.items():
        pinned = dict(
            re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / f"requirements/{which}.txt").read_text(), re.MULTILINE)
        )
        for line in requirements:
            requirement = Requirement(line)
            assert requirement.specifier.contains(pinned[requirement.name]), f"bin/lock was not run for {line}"
            assert re.search(rf'"{re.escape(line)}",\s*# \w+', text), f"{line} has no reason beside it"


def test_a_pin_in_both_lists_is_the_same() -> None:
    lists = [
        set(re.findall(r"^[\w.-]+==[^ ]+", (ROOT / f"requirements/{which}.txt").read_text(), re.MULTILINE))
        for which in ("run", "dev")
    ]
    assert lists[0] <= lists[1]


@pytest.mark.parametrize("line", (_VENDOR / "SHA256SUMS").read_text().splitlines(), ids=lambda line: line.split()[1])
def test_what_others_wrote_is_as_it_came(line: str) -> None:
    digest, file = line.split()
    assert hashlib.sha256((_VENDOR / file).read_bytes()).hexdigest() == digest


def test_every_file_of_others_has_its_checksum() -> None:
    listed = {line.split()[1] for line in (_VENDOR / "SHA256SUMS").read_text().splitlines()}
    assert {path.name for path in _VENDOR.iterdir()} - {"SHA256SUMS", "vendor.toml"} <= listed
