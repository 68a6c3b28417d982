"""Walk the chain from its first seal to the end and say what is not as it was written, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from postroom.core.audit import head as heads
from postroom.core.audit.head import Head, HeadUnreadable
from postroom.core.audit.models import AuditEntry
from postroom.core.audit.proofs import BEGINNING, is_blanked, is_proven, link

# The entry that says which others had personal values taken out: subject "entries:FIRST-LAST".
ERASED = "audit.erased"
_AT_ONCE = 1000
# Whoever wrote over everything need not fill our memory as well; all are counted.
_MOST_FAULTS = 200


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written: `kind` is a code, the rest says where."""

    kind: str
    sentence: str
    seal: int | None = None
    entry: int | None = None


@dataclass
class Verdict:
    """What a walk came to."""

    sealed: int = 0
    unsealed: int = 0
    blanked: int = 0
    head: Head = field(default_factory=Head)
    # Where the head that was asked for stands in the chain.
    asked_at: int | None = None
    faults: list[Fault] = field(default_factory=list)
    n_faults: int = 0

    @property
    def good(self) -> bool:
        return not self.n_faults

    def say(self, kind: str, sentence: str, *, seal: int | None = None, entry: int | None = None) -> None:
        """Note a fault."""
        self.n_faults += 1
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(kind, sentence, seal, entry))


def verify(*, asked: str = "") -> Verdict:
    """Walk the whole log; `asked` is a hash that was kept elsewhere and must be in the chain."""
    verdict = Verdict()
    # Read first: what is sealed meanwhile is behind it.
    try:
        kept = heads.of_file()
    except HeadUnreadable as trouble:
        verdict.say("head_unreadable", f"{trouble} Whether the end was cut off cannot be said.")
        kept = Head()
    found = _walk(verdict, kept=kept.hash if kept else "", asked=asked)
    _judge_head(verdict, kept, found=found)
    if asked and verdict.asked_at is None:
        verdict.say(
            "asked_head_missing", f"The head {asked} is nowhere in the chain: its entry was changed or cut off."
        )
    _judge_unsealed(verdict)
    return verdict


def _walk(verdict: Verdict, *, kept: str, asked: str) -> int | None:
    """Go from seal to seal; return the seal that has the hash `kept`."""
    erasures = _erasures()
    found = None
    before = Head()
    for entry in _in_order():
        seal = entry.seal or 0
        broken = False
        if seal != before.seal + 1:
            _say_missing(verdict, before.seal + 1, seal - 1)
        else:
            broken = entry.hash != link(before.hash, seal=seal, entry_id=entry.pk, mac=entry.mac)
        _judge(verdict, entry, broken=broken, erasures=erasures)
        before = Head(seal, entry.hash)
        found = seal if entry.hash == kept else found
        if asked and entry.hash == asked:
            verdict.asked_at = seal
        verdict.sealed += 1
    verdict.head = before
    return found


def _judge(verdict: Verdict, entry: AuditEntry, *, broken: bool, erasures: list[tuple[int, int]]) -> None:
    name = f"Entry {entry.pk} (seal {entry.seal}, {entry.action}, {entry.at:%Y-%m-%d %H:%M} UTC)"
    if not is_proven(entry):
        sentence = f"{name} was changed after it was written, or was never written by Postroom."
        verdict.say("changed", sentence, seal=entry.seal, entry=entry.pk)
    elif broken:
        sentence = f"{name} does not follow the one before it: something was taken out, put in or moved here."
        verdict.say("broken", sentence, seal=entry.seal, entry=entry.pk)
    if is_blanked(entry):
        verdict.blanked += 1
        if not any(first <= entry.pk <= last for first, last in erasures):
            sentence = f"{name} had personal values taken out, and no entry says so."
            verdict.say("blanked", sentence, seal=entry.seal, entry=entry.pk)


def _say_missing(verdict: Verdict, first: int, last: int) -> None:
    which = f"Seal {first} is" if first == last else f"The seals {first} to {last} are"
    verdict.say("missing", f"{which} missing: {last - first + 1:,} of the entries were deleted.", seal=first)


def _judge_head(verdict: Verdict, kept: Head | None, *, found: int | None) -> None:
    if kept is None:
        if verdict.sealed:
            verdict.say("no_head", "The file audit.head is missing: whether the end was cut off cannot be said.")
    elif kept.seal > verdict.head.seal:
        n = kept.seal - verdict.head.seal
        sentence = f"The end was cut off: {n:,} sealed entries are missing after seal {verdict.head.seal}."
        verdict.say("cut", sentence, seal=verdict.head.seal + 1)
    elif kept.seal and kept.hash != BEGINNING and found != kept.seal:
        sentence = f"The chain was written anew: seal {kept.seal} is not the one that audit.head speaks of."
        verdict.say("rewritten", sentence, seal=kept.seal)


def _judge_unsealed(verdict: Verdict) -> None:
    for entry in AuditEntry.objects.filter(seal=None).order_by("id").iterator(chunk_size=_AT_ONCE):
        verdict.unsealed += 1
        if not is_proven(entry):
            sentence = f"Entry {entry.pk} (not sealed yet) was changed, or was never written by Postroom."
            verdict.say("changed", sentence, entry=entry.pk)


def _in_order() -> Iterator[AuditEntry]:
    """Yield all sealed entries by a cursor of our own: a walk may take minutes and holds no transaction open."""
    after = -(2**62)
    while rows := list(AuditEntry.objects.filter(seal__gt=after).order_by("seal")[:_AT_ONCE]):
        yield from rows
        after = rows[-1].seal or 0


def _erasures() -> list[tuple[int, int]]:
    found = []
    for subject in AuditEntry.objects.filter(action=ERASED).values_list("subject", flat=True):
        first, _dash, last = subject.removeprefix("entries:").partition("-")
        if first.isdigit() and last.isdigit():
            found.append((int(first), int(last)))
    return found
