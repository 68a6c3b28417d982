"""What can happen has a sentence, and what can be set has a line in the docs."""

import dataclasses

import pytest

from postroom.core.events.kinds import KINDS, Kind
from postroom.wiring.environment import NAMES
from tests.house.tree import ROOT


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_event_kind_has_a_sentence_and_says_what_it_means(kind: type[Kind]) -> None:
    assert str(kind.sentence).strip()
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_an_event_forgets_with_a_person_is_a_field_of_it(kind: type[Kind]) -> None:
    assert kind.personal <= {field.name for field in dataclasses.fields(kind)}


def test_every_setting_is_in_the_docs() -> None:
    documented = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert [name for name in sorted(NAMES) if f"`{name}`" not in documented] == []
