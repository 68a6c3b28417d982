"""Each address, each kind of person, own and other and sensitive: the answers are those of access_table.py."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from tests.house.access_scene import OTHERS, OUTSIDE, OWN, PEOPLE, SENSITIVE, Scene, objects_of, patterns, scene
from tests.house.access_table import NOT_ASKED, TABLE

# Each part makes the scene once and walks every so many addresses: none takes so long that it looks as if it hung.
_PARTS = 6
_PATTERNS = sorted(patterns(), key=lambda pattern: pattern.name or "")
_CHANGES = ("post", "put", "delete")
_DENIED = {"404", "403", "in"}
# The ledger itself says that a mail of this number came, and that it is sensitive, so that its figures add up.
_COUNTED = {"ledger-mail", "ledger-raw"}


@pytest.fixture
def walked(db: None) -> Scene:
    """Everybody, and what they ask for."""
    return scene()


def test_every_address_has_a_name_and_a_row_of_its_own() -> None:
    names = [pattern.name or "" for pattern in _PATTERNS]
    assert "" not in names
    assert len(set(names)) == len(names)
    assert sorted(set(names) - TABLE.keys()) == [], "say in access_table.py what each kind of person gets"
    assert sorted(TABLE.keys() - set(names)) == [], "these addresses are gone"


@pytest.mark.parametrize("part", range(_PARTS))
def test_everybody_gets_what_the_table_says(walked: Scene, part: int) -> None:
    wrong = [line for pattern in _PATTERNS[part::_PARTS] for line in _wrong(walked, pattern)]
    assert wrong == []


def _wrong(walked: Scene, pattern: URLPattern) -> Iterator[str]:
    name, row = pattern.name or "", TABLE[pattern.name or ""]
    for which in objects_of(pattern):
        address = walked.address(pattern, which)
        # What a view takes from nobody (405) is asked of a stranger alone: methods are looked at before people.
        taken = [method for method in _CHANGES if walked.asked("stranger", method, address) != "405"]
        if row.only_changes and walked.asked("stranger", "get", address) != "405":
            yield f"{name}: it answers GET, so it needs a line for that"
        for person, expected in zip(PEOPLE, row.of(which), strict=True):
            if expected == NOT_ASKED:
                continue
            method = "post" if row.only_changes else "get"
            if (got := walked.asked(person, method, address)) != expected:
                yield f"{name}: {person} {method.upper()}s the {which} one: {got}, not {expected}"
            # Whoever is not signed in is nobody in one way only: the stranger stands for all.
            if expected in _DENIED and person not in OUTSIDE[1:]:
                for change in taken:
                    if not _is_denied(got := walked.asked(person, change, address), known=_knows(person, which)):
                        yield f"{name}: {person} may not see the {which} one, and {change.upper()}s it: {got}"


def _knows(person: str, which: str) -> bool:
    """Tell whether the person sees this very object, so that a 404 speaks of something else: of what to merge with."""
    return which == {"elsewhere": OTHERS}.get(person, OWN) or (which == SENSITIVE and person == "supervisor")


def _is_denied(answer: str, *, known: bool) -> bool:
    """Tell whether nothing was done; of what somebody may not know of, a refusal with a reason would say too much."""
    return answer in {*_DENIED, "405"} or (known and answer[0] == "4")


def test_what_is_not_there_and_what_is_not_for_one_take_the_same_queries(walked: Scene) -> None:
    different = []
    for pattern in _PATTERNS:
        kinds = objects_of(pattern)
        row, which = TABLE[pattern.name or ""], SENSITIVE if SENSITIVE in kinds else OTHERS
        if (
            len(kinds) == 1
            or pattern.name in _COUNTED
            or row.only_changes
            or row.of(which)[PEOPLE.index("agent")] != "404"
        ):
            continue
        there = _queries(walked, walked.address(pattern, which))
        if there != _queries(walked, walked.missing(pattern)):
            different.append(pattern.name)
    assert different == []


def _queries(walked: Scene, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert walked.asked("agent", "get", address) == "404"
    return len(asked)
