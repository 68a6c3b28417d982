"""From text to condition and back: no text raises, every fault has its place, what is printed reads as the same."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postroom.core.conversations.condition.language import EVERYTHING, All, Condition, Either, Not, Test, Words
from postroom.core.conversations.condition.operators import ALIASES, CHOICE, OPERATORS
from postroom.core.conversations.condition.reading import DEEPEST, MOST_PARTS, read

_SIGNS = [
    " ",
    " ",
    " ",
    "(",
    ")",
    "-",
    "--",
    '"',
    "“",
    "«",
    "\\",
    "OR",
    " OR ",
    "AND",
    "NOT ",
    "|",
    "#12",
    "é",
    "ann",
    "3d",
]
_KEYS = [f"{name}:" for name in (*OPERATORS, *ALIASES, "form", "https", "12")]
_PIECES = st.sampled_from([*_SIGNS, *_KEYS, *(one.example for one in OPERATORS.values())])
_TEXTS = st.lists(_PIECES | st.text(max_size=6), max_size=25).map("".join) | st.text(max_size=200)


@given(_TEXTS)
@example('a OR (b "c d" -(is:open OR -tag:"x \\" y")) file:“a b”')
@example("-" * 50 + "(" * 50)
@example("\\")
@example('"\\')
@example("from:\ud800\0")
@settings(max_examples=600)
def test_every_text_reads_as_something_that_prints_as_itself(text: str) -> None:
    read_once = read(text)
    printed = str(read_once.condition)
    assert read(printed).condition == read_once.condition, printed
    assert read(printed).faults == (), printed
    for fault in read_once.faults:
        assert 0 <= fault.at <= len(text)
        assert fault.length > 0
        assert fault.at + fault.length <= len(text)
        assert fault.sentence.endswith((".", "?"))


_WORDS = [Words("ann"), Words("e-mail"), *(Words(text, phrase=True) for text in ("a b", 'say "so" \\', "OR", "«a»"))]
_NAMED = {"is": "open", "tag": "two words", "from": "ann", "id": "<a@b>", "number": "12", "older": "3d"}
_TESTS = [Test("from", "ann", phrase=True), *(Test(name, value) for name, value in _NAMED.items())]
_LEAVES = st.sampled_from([*_WORDS, *_TESTS])


def _grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return (
        inner.filter(lambda one: not isinstance(one, Not)).map(Not)
        | several.filter(lambda parts: not any(isinstance(one, All) for one in parts)).map(All)
        | several.filter(lambda parts: not any(isinstance(one, Either) for one in parts)).map(Either)
    )


@given(st.recursive(_LEAVES, _grown, max_leaves=12))
def test_every_condition_prints_as_a_text_that_reads_as_it(condition: Condition) -> None:
    assert read(str(condition)).condition == condition
    assert not read(str(condition)).faults


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("", ""),
        ("  where   bicycle ", "where bicycle"),
        ("IS:Open Assignee:ME", "is:open assignee:me"),
        ("a b OR c", "a (b OR c)"),
        ("(a b) OR c", "(a b) OR c"),
        ("a | b | c", "a OR b OR c"),
        ("NOT a -b --c", "-a -b c"),
        ("a AND b - c", "a b c"),
        ("#12", "number:12"),
        ("owner:nobody label:x in:junk", "assignee:none tag:x is:spam"),
        ("“two words”", '"two words"'),
        ("tag:«two words»", 'tag:"two words"'),
        ("id:a@b", "id:<a@b>"),
        ("https://a.example re:invoice 12:30", "https://a.example re:invoice 12:30"),
        ("((a))", "a"),
        ("()", ""),
    ],
)
def test_a_text_has_one_form(text: str, printed: str) -> None:
    found = read(text)
    assert str(found.condition) == printed
    assert not found.faults


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ('say "so', (4, 1), "not closed"),
        ("a (b", (2, 1), "not closed"),
        ("a) b", (1, 1), "No bracket is open"),
        ("is:opne x", (0, 7), "Did you mean is:open?"),
        ("is:qqq", (0, 6), "It knows: open"),
        ("x form:ann", (2, 8), "Did you mean “from:”?"),
        ("from: ann", (0, 5), "right behind it"),
        ("before:soon", (0, 11), "is no day"),
        ("before:2026-02-30", (0, 17), "is no day"),
        ("older:5000y", (0, 11), "no length of time"),
        ("number:many", (0, 11), "digits only"),
        ("OR a", (0, 2), "stands between"),
        ("a OR", (2, 2), "stands between"),
        ("a " * (MOST_PARTS + 5), (2 * MOST_PARTS, 1), "too many conditions"),
        ("(" * (DEEPEST + 3), (DEEPEST, 1), "too many brackets"),
        ("x" * 2001, (2000, 1), "too long"),
    ],
)
def test_a_fault_is_a_sentence_with_its_place(text: str, place: tuple[int, int], says: str) -> None:
    found = [(fault.at, fault.length) for fault in read(text).faults if says in fault.sentence]
    assert found == [place] or (text.startswith("((") and place in found), read(text).faults


def test_nothing_means_everything() -> None:
    assert read("").condition == EVERYTHING


def test_every_operator_and_value_stands_in_the_papers() -> None:
    papers = (Path(__file__).parents[4] / "docs/inbox/finding.md").read_text(encoding="utf-8")
    table = papers[papers.index("## What can be written") : papers.index("## Views")]
    for name, operator in OPERATORS.items():
        assert f"`{name}:" in table, name
        assert read(operator.example).faults == (), name
        if operator.kind == CHOICE:
            assert [value.name for value in operator.values if f"{value.name}`" not in table] == []
