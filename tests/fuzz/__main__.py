"""Read mutated, generated and hostile mail by the thousand; bin/fuzz runs it."""

import argparse
import hashlib
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis

from tests.fuzz.bombs import BOMBS
from tests.fuzz.checks import Outcome, check, tidy
from tests.fuzz.filing import filer
from tests.fuzz.generated import mails as generated_mails
from tests.fuzz.guided import Guided
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import corpora, mails

_TIDY_EVERY = 500
# Of ten mails so many are of each kind; the bombs are read once.
_SHARES = {"bombs": 0, "generated": 2, "guided": 3, "mutated": 5}


class Report:
    """Counts what was read and keeps what went wrong, each kind of fault three times at most."""

    def __init__(self, folder: Path, *, until: float | None) -> None:
        self.read: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.slowest = self.largest = 0.0
        self._folder = folder
        self._until = until

    @property
    def over(self) -> bool:
        """Whether the time that was given is up."""
        return self._until is not None and time.monotonic() > self._until

    def take(self, kind: str, raw: bytes, outcome: Outcome) -> None:
        """Note one mail's outcome; a fault's mail is written to the folder."""
        self.read[kind] += 1
        self.slowest, self.largest = max(self.slowest, outcome.seconds), max(self.largest, outcome.megabytes)
        if sum(self.read.values()) % _TIDY_EVERY == 0:
            tidy()
        if sum(self.read.values()) % 5000 == 0:
            print(self.line(), flush=True)
        if not outcome.wrong:
            return
        fault = " ".join(outcome.wrong.split()[:6])
        self.faults[fault] += 1
        if self.faults[fault] <= 3:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{hashlib.sha256(raw).hexdigest()[:12]}.eml"
            path.write_bytes(raw)
            print(f"{kind}: {outcome.wrong} ({path})", flush=True)

    def line(self) -> str:
        """Return what there is to say in a line."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.read.items())
        return (
            f"{sum(self.read.values())} mails read ({kinds}); the slowest took {self.slowest:.2f} s, "
            f"the largest {self.largest:.0f} MB; {sum(self.faults.values())} faults."
        )


def main() -> int:
    options = _options()
    report = Report(options.keep, until=time.monotonic() + options.minutes * 60 if options.minutes else None)
    seeds = mails(with_corpora=True)
    print(f"{len(seeds)} mails to begin with; corpora: {corpora() or 'not on this machine'}; seed {options.seed}.")
    file = None if options.unfiled else filer()

    def checked(raw: bytes) -> Outcome:
        return check(raw, file=file)

    kinds = options.only or list(_SHARES)
    for kind in kinds:
        count = options.count * _SHARES[kind] // (sum(_SHARES[one] for one in kinds) or 1)
        if kind == "generated":
            _generated(count, options.seed, report, checked)
        elif kind == "guided":
            _guided(count, options.seed, report, seeds, checked)
        else:
            for raw in _bombs() if kind == "bombs" else _mutations(count, options.seed, seeds):
                if report.over:
                    break
                report.take(kind, raw, checked(raw))
    print(report.line())
    return 1 if report.faults else 0


def _bombs() -> Iterator[bytes]:
    return (bomb() for bomb in BOMBS.values())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many mails (100,000)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="to see it again")
    parser.add_argument("--minutes", type=float, default=0, help="stop after so long")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"), help="folder for mails that went wrong")
    parser.add_argument("--unfiled", action="store_true", help="without the database: read and shown, not threaded")
    parser.add_argument("--only", action="append", choices=list(_SHARES), help="this kind of mail, or these")
    return parser.parse_args()


def _mutations(count: int, seed: int, seeds: list[bytes]) -> Iterator[bytes]:
    chance = random.Random(seed)
    for _ in range(count):
        yield mutated(chance.choice(seeds), chance, seeds)


def _guided(count: int, seed: int, report: Report, seeds: list[bytes], checked: Callable[[bytes], Outcome]) -> None:
    guided = Guided(seeds, random.Random(seed))
    for _ in range(count):
        if report.over:
            break
        raw = guided.mail()
        report.take("guided", raw, guided.run(raw, checked))
    print("guided by coverage: {} steps between lines seen, {} mails kept for new ones".format(*guided.reached))


def _generated(count: int, seed: int, report: Report, checked: Callable[[bytes], Outcome]) -> None:
    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=max(1, count),
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(generated_mails())
    def each(raw: bytes) -> None:
        if not report.over:
            report.take("generated", raw, checked(raw))

    each()


if __name__ == "__main__":
    sys.exit(main())
