"""Stretches of an HTML mail that are folded: neighbouring nodes, and what they are."""

from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Range:
    """Neighbouring nodes, both ends included, and what they are folded as."""

    first: LexborNode
    last: LexborNode
    kind: str = QUOTE


def words_of(node: LexborNode) -> str:
    """Return the words in a node, trimmed."""
    return (node.text() or "").strip()


class Taken:
    """Ranges, and a quick answer to whether a node lies in one of them."""

    def __init__(self, ranges: list[Range] | None = None) -> None:
        self.ranges: list[Range] = []
        self._held: set[int] = set()
        for one in ranges or []:
            self.add(one)

    def add(self, one: Range) -> None:
        """Take a range."""
        self.ranges.append(one)
        part: LexborNode | None = one.first
        while part is not None:
            self._held.add(part.mem_id)
            if part.mem_id == one.last.mem_id:
                break
            part = part.next

    def holds(self, node: LexborNode) -> bool:
        """Tell whether the node lies in one of the ranges."""
        up: LexborNode | None = node
        while up is not None:
            if up.mem_id in self._held:
                return True
            up = up.parent
        return False

    def lies_in(self, node: LexborNode) -> bool:
        """Tell whether one of the ranges lies in the node."""
        within = Taken([Range(node, node)])
        return any(within.holds(one.first) for one in self.ranges)


def merged(ranges: list[Range]) -> list[Range]:
    """Join ranges of one kind with only blanks between them."""
    starts = {one.first.mem_id: one for one in ranges}
    gone: set[int] = set()
    found: list[Range] = []
    for one in ranges:
        if one.first.mem_id in gone:
            continue
        while (following := _following(one, starts)) is not None and following.first.mem_id not in gone:
            gone.add(following.first.mem_id)
            found = [other for other in found if other.first.mem_id != following.first.mem_id]
            one = replace(one, last=following.last)
        found.append(one)
    return found


def _following(one: Range, starts: dict[int, Range]) -> Range | None:
    after = one.last.next
    while after is not None and not words_of(after) and after.mem_id not in starts:
        if after.is_element_node and (after.tag == "img" or after.css_first("img") is not None):
            return None
        after = after.next
    found = starts.get(after.mem_id) if after is not None else None
    return found if found is not None and found.kind == one.kind and found is not one else None
