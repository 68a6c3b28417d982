"""What was reached on the public corpora is held from falling, where they are beside the repository."""

import pytest

from tests.corpora.scores import corpora, score
from tests.corpora.targets import TARGETS


@pytest.mark.skipif(not corpora().is_dir(), reason=f"The corpora are not on this machine ({corpora()}).")
@pytest.mark.parametrize("kind", sorted(TARGETS))
def test_no_figure_falls(kind: str) -> None:
    if kind == "html":
        pytest.importorskip("html5lib", reason="The HTML score needs html5lib, which is not installed here.")
    fallen = {line.name: f"{line.percent:.1f} %, {line.good} of {line.checks}" for line in score(kind) if line.fell}
    assert fallen == {}


def test_every_target_below_its_goal_says_why() -> None:
    below = [target for lines in TARGETS.values() for target in lines.values() if target.floor < target.percent]
    assert below
    assert all(target.why for target in below)
