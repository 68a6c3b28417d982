"""Find signatures and legal notices in an HTML mail."""

from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from postroom.channels.mail.quote_ends import NOTICE, SIGNATURE, is_beside_notice, is_mobile_line, is_notice
from postroom.channels.mail.quote_ranges import Range, Taken, words_of

# What mail programs call their signatures; the ids are among those that cleaning leaves.
_SIGNATURES = (
    "div.gmail_signature, .moz-signature, .protonmail_signature_block, #Signature, #ms-outlook-mobile-signature, "
    "#AppleMailSignature, #lineBreakAtBeginningOfSignature"
)
_BLOCKS = "p, div, td, th, li, pre, center, h1, h2, h3, h4, h5, h6, blockquote, table, ul, ol"
_SEPARATORS = frozenset({"--", "—", "- -"})
_MOST_BLOCKS = 4000
_LOOKED_AT = 20
_MOST_AFTER_SEPARATOR = 15


def end_ranges(body: LexborNode, quotes: list[Range]) -> list[Range]:
    """Return the signatures and notices outside of the quotes, in no order."""
    taken = Taken(quotes)
    for node in body.css(_SIGNATURES)[:20]:
        if words_of(node) and not taken.holds(node) and not taken.lies_in(node):
            taken.add(Range(node, node, SIGNATURE))
    for one in _last_blocks(body, taken):
        taken.add(one)
    return taken.ranges[len(quotes) :]


def _last_blocks(body: LexborNode, taken: Taken) -> list[Range]:
    """Walk up from the end over what programs and companies add to each mail."""
    found: list[Range] = []
    beside: list[LexborNode] = []
    written = 0
    for node in islice(_leaves_upwards(body, taken), _LOOKED_AT):
        words = words_of(node)
        noticed = any(one.kind == NOTICE for one in found)
        if words in _SEPARATORS:
            return found + _below_separator(node, Taken(taken.ranges + found))
        if written:
            written += 1
        elif is_notice(words, below=noticed):
            found += [_range(one, NOTICE) for one in (*beside, node)]
            beside = []
        elif is_beside_notice(words):
            beside.append(node)
        elif is_mobile_line(words):
            found.append(_range(node, SIGNATURE))
        else:
            written = 1
        if written > _MOST_AFTER_SEPARATOR:
            break
    return found


def _leaves_upwards(body: LexborNode, taken: Taken) -> Iterator[LexborNode]:
    """Yield the blocks that hold words and no other block, last ones first."""
    for node in reversed(body.css(_BLOCKS)[:_MOST_BLOCKS]):
        if not _has_block(node) and words_of(node) and not taken.holds(node):
            yield node


def _has_block(node: LexborNode) -> bool:
    inner = next((one for one in node.css(_BLOCKS)[:2] if one.mem_id != node.mem_id), None)
    return inner is not None


def _range(node: LexborNode, kind: str) -> Range:
    """A cell or an entry of a list stays where it is; what it holds is folded."""
    if node.tag in ("td", "th", "li") and node.first_child is not None and node.last_child is not None:
        return Range(node.first_child, node.last_child, kind)
    return Range(node, node, kind)


def _below_separator(node: LexborNode, taken: Taken) -> list[Range]:
    """Take "-- " and its following siblings up to what is folded already."""
    if node.tag in ("td", "th", "li"):
        return []
    last = node
    while last.next is not None and not taken.holds(last.next) and not taken.lies_in(last.next):
        last = last.next
    return [Range(node, last, SIGNATURE)]
