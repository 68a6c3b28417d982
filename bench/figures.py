"""A figure, the floor that was measured beside it, and how they are shown."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table. `floor` is the least that the same work could cost on this machine, in the same unit."""

    engine: str
    name: str
    unit: str
    p50: float
    p95: float | None = None
    floor: float | None = None
    floor_name: str = ""
    # More is better: the ratio is turned, so that 1 is always perfect.
    rate: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times the floor this costs."""
        if not self.floor or not self.p50:
            return None
        return self.floor / self.p50 if self.rate else self.p50 / self.floor


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as lines of text, aligned."""
    head = ("", "figure", "unit", "p50", "p95", "floor", "× floor", "the floor is")
    rows = [head] + [
        (
            figure.engine,
            figure.name,
            figure.unit,
            _number(figure.p50),
            _number(figure.p95),
            _number(figure.floor),
            _number(figure.ratio),
            figure.floor_name,
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 3 <= column <= 6 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def as_json(figures: Sequence[Figure], **about: object) -> str:
    """Return the figures and what they were measured on."""
    return json.dumps({**about, "figures": [asdict(figure) | {"ratio": figure.ratio} for figure in figures]}, indent=2)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
