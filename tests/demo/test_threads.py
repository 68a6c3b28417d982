import re
import struct
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest

from postroom.demo import customers_mail, enclosures, reading
from postroom.demo.company import ADDRESSES, COLLEAGUES, GROUPS
from postroom.demo.dates import fill
from postroom.demo.pdf import paper
from postroom.demo.plan import Act, plan
from postroom.demo.reading import BadThread, read_threads
from postroom.demo.script import MAIL, REPLY
from tests.demo.conftest import NOW

ADDRESS_OR_HOST = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)|https?://([\w.-]+)")


def test_every_address_and_every_link_belongs_to_nobody() -> None:
    folder = Path(reading.__file__).parent
    for path in folder.rglob("*"):
        if path.suffix in (".txt", ".html", ".csv", ".ics", ".py"):
            for found in ADDRESS_OR_HOST.finditer(path.read_text(encoding="utf-8")):
                host = (found[1] or found[2]).rstrip(".")
                assert host.rpartition(".")[2] in ("example", "test", "invalid"), f"{path.name}: {found[0]}"


def test_all_five_languages_are_spoken() -> None:
    spoken = Counter(thread.language for thread in read_threads())
    assert set(spoken) == {"en", "fr", "nl", "de", "es"}
    assert min(spoken.values()) >= 10


def test_no_two_conversations_begin_alike() -> None:
    threads = read_threads()
    for what in ([t.slug for t in threads], [t.subject for t in threads], [t.steps[0].text for t in threads]):
        assert [text for text, times in Counter(what).items() if times > 1] == []


def test_no_two_replies_are_alike() -> None:
    replies = Counter(step.text for thread in read_threads() for step in thread.steps if step.kind == REPLY)
    assert [text for text, times in replies.items() if times > 1] == []


def test_nobody_acts_in_a_mailbox_they_do_not_see() -> None:
    sees = {colleague.key: colleague.mailboxes for colleague in COLLEAGUES}
    groups = {group.key for group in GROUPS}
    for act in plan(now=NOW):
        if act.step.who:
            assert act.thread.mailbox in sees[act.step.who], act.thread.where
        if act.step.verb == "assign" and act.step.what not in groups:
            assert act.thread.mailbox in sees[act.step.what], act.thread.where


def test_every_thread_names_a_mailbox_and_states_that_exist() -> None:
    mailboxes = {address.key for address in ADDRESSES}
    for thread in read_threads():
        assert thread.mailbox in mailboxes, thread.where
        assert thread.state in ("", "open", "pending", "snoozed", "closed", "spam", "parked"), thread.where
        assert thread.priority in ("", "high", "urgent"), thread.where


def test_the_same_now_always_tells_the_same_story() -> None:
    def told(acts: list[Act]) -> list[tuple[str, datetime, str]]:
        return [(act.thread.slug, act.moment, act.step.text) for act in acts]

    assert told(plan(now=NOW)) == told(plan(now=NOW))


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 9, 20, 2, 5, tzinfo=UTC),  # a Sunday night
        datetime(2027, 1, 1, 0, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 9, 0, tzinfo=UTC),  # the Monday after the clocks went back
        datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    ],
)
def test_every_step_follows_the_one_before_and_none_is_yet_to_come(now: datetime) -> None:
    last: dict[str, datetime] = {}
    for act in plan(now=now):
        assert now - timedelta(days=61) <= act.moment < now
        assert act.place == 0 or last[act.thread.slug] <= act.moment, act.thread.where
        last[act.thread.slug] = act.moment


def test_nobody_promises_a_sunday() -> None:
    for day in range(14):
        moment = NOW + timedelta(days=day)
        for ahead in range(1, 8):
            assert "Sunday" not in fill(f"{{date+{ahead}}}", language="en", moment=moment)
            assert "Sunday" not in fill(f"{{weekday-{ahead}}}", language="en", moment=moment)


def test_two_days_of_one_letter_stay_two_days_over_a_weekend() -> None:
    thursday = NOW + timedelta(days=2)
    assert fill("{weekday+2} or {weekday+3}, so {weekday+2}.", language="en", moment=thursday) == (
        "Tuesday or Wednesday, so Tuesday."
    )


def test_a_weekday_that_begins_a_sentence_has_a_capital() -> None:
    assert fill("Dank u. {weekday+1}? Of {weekday+2}!", language="nl", moment=NOW) == "Dank u. Woensdag? Of donderdag!"


def test_days_are_written_in_the_language_of_the_letter() -> None:
    written = {
        language: fill("x {date+2}", language=language, moment=NOW) for language in ("en", "fr", "nl", "de", "es")
    }
    assert written == {
        "en": "x Thursday 17 September",
        "fr": "x jeudi 17 septembre",
        "nl": "x donderdag 17 september",
        "de": "x Donnerstag, 17. September",
        "es": "x el jueves 17 de septiembre",
    }


def test_every_file_that_is_named_is_there_and_every_file_there_is_named() -> None:
    named = {name for thread in read_threads() for step in thread.steps for name in (*step.files, *step.pictures)}
    for name in named:
        assert enclosures.enclosure(name, language="en", moment=NOW).data
    there = {path.name for path in enclosures.FOLDER.iterdir()} - {"papers.txt"}
    assert there == {name for name in named if not name.endswith(".pdf")}
    pages = {step.html for thread in read_threads() for step in thread.steps if step.html}
    assert {path.name for path in customers_mail.PAGES.iterdir()} == pages


def test_the_pictures_are_pictures() -> None:
    for path in enclosures.FOLDER.iterdir():
        if path.suffix == ".jpg":
            assert path.read_bytes()[:3] == b"\xff\xd8\xff", path.name
        if path.suffix == ".png":
            assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n", path.name
            assert struct.unpack(">II", path.read_bytes()[16:24])[0] > 0


def test_a_paper_is_a_pdf_whose_table_of_objects_is_true() -> None:
    data = paper("# Invoice (copy) \\ F-1\n---\nWheel | 2 | 10,00 €")
    assert data.startswith(b"%PDF-1.4")
    start = int(data.rpartition(b"startxref\n")[2].split()[0])
    table = data[start:].splitlines()
    assert table[0] == b"xref"
    places = [int(line[:10]) for line in table[3:] if line.endswith(b" n ")]
    assert len(places) == 6
    for number, place in enumerate(places, start=1):
        assert data[place:].startswith(b"%d 0 obj" % number)


def test_a_customer_has_one_name(tmp_path: Path) -> None:
    names: dict[str, set[str]] = {}
    for thread in read_threads():
        for sender in [thread.sender, *(step.sender for step in thread.steps if step.sender)]:
            assert parseaddr(f"<{sender.email}>")[1] == sender.email
            names.setdefault(sender.email, set()).add(sender.name)
    assert {email: called for email, called in names.items() if len(called) > 1} == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (">> lucia +1h\nHello", "before the first thread"),
        ("== slug | en | support\nfrom: A <a@b.example>", "begins with =="),
        ("== slug | en | support | soon\nfrom: A <a@b.example>\nsubject: x", "no span of time"),
        ("== slug | en | support | 3d 08:00\nfrom: A\nsubject: x", "no sender"),
        ("== slug | en | support | 3d 08:00\nfrom: A <a@b.example>", "needs from"),
    ],
)
def test_a_thread_that_is_written_wrongly_is_refused_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "bad.txt").write_text(text, encoding="utf-8")
    with pytest.raises(BadThread, match=sentence):
        read_threads(tmp_path)


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    for path in [*reading.FOLDER.iterdir(), *customers_mail.PAGES.iterdir(), enclosures.FOLDER / "papers.txt"]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name


def test_customers_begin_and_colleagues_answer() -> None:
    for thread in read_threads():
        assert thread.steps[0].kind == MAIL
        assert not thread.steps[0].who


def test_an_empty_cell_keeps_the_next_one_in_its_column() -> None:
    drawn = zlib.decompress(paper("Total | | 10,00").partition(b"stream\n")[2].partition(b"\nendstream")[0])
    assert b"56 772 Td (Total)" in drawn
    assert b"380 772 Td (10,00)" in drawn
