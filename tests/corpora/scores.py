"""Run the corpora's own scripts on our adapter and hold what they print against the targets; bin/score prints it."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.corpora.targets import TARGETS, Target

_ROOT = Path(__file__).resolve().parents[2]
_ADAPTER = Path(__file__).resolve().parent / "adapter.py"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a score: so many of so many checks, and what is wanted (None: nothing is)."""

    kind: str
    name: str
    good: int
    checks: int
    target: Target | None

    @property
    def percent(self) -> float:
        """The share of good checks."""
        return 100 * self.good / self.checks if self.checks else 0.0

    @property
    def fell(self) -> bool:
        """Whether it is below what it may not fall below."""
        return self.target is not None and self.percent < self.target.floor

    @property
    def short(self) -> bool:
        """Whether it is below the target."""
        return self.target is not None and self.percent < self.target.percent


def corpora() -> Path:
    """Return where the corpora are, or would be: POSTROOM_CORPORA, or ../shared/corpora beside the repository."""
    return Path(os.environ.get("POSTROOM_CORPORA") or _ROOT.parent / "shared" / "corpora")


def score(kind: str) -> list[Line]:
    """Return every line that the script of this kind prints, and those that are wanted and were not printed."""
    script = corpora() / "score" / f"score_{kind}.py"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "score.json"
        command = [sys.executable, str(script), str(_ADAPTER), "--show", "0", "--json", str(out)]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, env=environment)
        if ran.returncode:
            raise RuntimeError(f"{script.name} failed: {ran.stderr[-2000:]}")
        scores: dict[str, list[int]] = json.loads(out.read_text())["scores"]
    wanted = TARGETS[kind]
    return [
        Line(kind=kind, name=name, good=good, checks=checks, target=wanted.get(name))
        for name, (good, checks) in {**{key: [0, 0] for key in wanted}, **scores}.items()
    ]


def main() -> int:
    """Print every figure beside its target; return 1 when one has fallen."""
    if not corpora().is_dir():
        print(f"The corpora are not at {corpora()}: nothing was scored. POSTROOM_CORPORA names another place.")
        return 1
    fell = 0
    for kind in TARGETS:
        print(f"\n{kind}")
        for line in score(kind):
            fell += line.fell
            print(_printed(line))
    print(f"\n{fell} figures have fallen below what they may not." if fell else "\nNo figure has fallen.")
    return 1 if fell else 0


def _printed(line: Line) -> str:
    figure = f"  {line.name:50s} {line.good:5d} of {line.checks:5d}  {line.percent:5.1f} %"
    if line.target is None:
        return figure
    state = "FELL" if line.fell else "short" if line.short else "ok"
    why = f"\n{'':10s}{line.target.why}" if line.short and line.target.why else ""
    return f"{figure}   target {line.target.percent:5.1f}  {state}{why}"


if __name__ == "__main__":
    sys.exit(main())
