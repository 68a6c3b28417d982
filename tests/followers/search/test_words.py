"""What finds what: one mail for each line of the table, and who else must not be found by it."""

import pytest

from postroom.core.conversations.condition.words import BY_RANK, CC, FILE, FROM, SUBJECT, TO, Term, engine
from postroom.core.conversations.incoming import File, Person
from postroom.core.conversations.models import Conversation
from postroom.core.storage import blobs
from postroom.followers.search.document import words_in
from postroom.followers.search.tokens import words_of
from tests.core.conftest import Desk
from tests.followers.search.searching import catch_up, found, hits

# A text, what finds it, and what does not.
_TABLE: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Votre réservation à Liège est confirmée",
        ("reservation", "RÉSERVATION liege", "réserv", "conf"),
        ("reservations",),
    ),
    (
        "Die Größe der Straße in München",
        ("grosse", "größe", "groesse", "strasse", "STRASSE", "muenchen", "munchen"),
        ("stras e",),
    ),
    ("Frau Mueller aus Goettingen", ("müller", "mueller", "göttingen"), ("muller",)),
    ("İstanbul'da IŞIK kırmızı", ("istanbul", "isik", "ışık", "KIRMIZI", "kirmizi"), ("kirmisi",)),
    (
        "Smørrebrød og Øl på Åsen",
        ("smorrebrod", "smørrebrød", "smoerrebroed", "ol", "oel", "aasen", "asen"),
        ("smrrebrd",),
    ),
    ("Заказ номер семь: ёлка и йогурт", ("заказ", "ЕЛКА", "ёлка", "йогурт", "зак"), ("заказы",)),
    ("Η παραγγελία της Αθήνας, ΟΔΟΣ", ("παραγγελια", "ΑΘΗΝΑΣ", "αθήνας", "οδός", "οδοσ"), ("αθηναι",)),
    ("أين طلبي؟ المدرسة الكبرى", ("اين", "طلبي", "المدرسه", "الكبري", "مُدرسة المَدرَسة"[7:]), ("مدرسات",)),
    ("שָׁלוֹם, איפה ההזמנה שלי", ("שלום", "הזמנה"[:0] + "ההזמנה", "שָׁלוֹם"), ("שלומי",)),
    (
        "東京都に行く自転車のベルが壊れました",
        ("東京", "京都", "自転車", "都", "ベル", "壊れました", "転車の"),
        ("東都", "京東"),
    ),
    ("我的自行车铃坏了，请退款", ("自行车", "退款", "铃", "坏了"), ("车行", "款退")),
    ("한국어 주문을 취소해 주세요", ("한국어", "한국", "주문", "취소"), ("국어",)),
    ("สั่งซื้อจักรยานเมื่อวาน", ("จักรยาน", "เมื่อวาน", "สั่งซื้อ"), ("ยานจักร",)),
    ("नमस्ते मेरी साइकिल टूट गई", ("नमस्ते", "साइकिल", "टूट"), ("नमक",)),
    (
        "It costs 1,234.56 euros or 98-765-432",
        ("1234.56", "1,234.56", "123456", "98765432", "98-765-432", "1234,56"),
        ("12346", "9876"),
    ),
    ("Call 01 23 45 67 89 or +33 1 98 76 54 32", ("0123456789", "01 23 45 67 89", "01.23.45.67.89"), ("0123456780",)),
    (
        "Order INV-2024-001 and order XK77B",
        ("inv-2024-001", "INV2024001", "inv", "2024", "xk77b", "xk77"),
        ("inv2024002",),
    ),
    (
        "Write to anne.martin+shop@sub.example.co.uk please",
        (
            "anne.martin+shop@sub.example.co.uk",
            "anne.martin",
            "@sub.example.co.uk",
            "sub.example",
            "martin",
            "example.co",
        ),
        ("anne@sub", "co.example"),
    ),
    (
        "Send an e-mail, don't phone the U.S.A. by well-known_means",
        ("e-mail", "email", "dont", "don't", "usa", "wellknown"),
        ("wellmeans",),
    ),
    ("It broke 👍🏽 ☎️ now", ("👍", "👍🏿", "☎"), ("👎",)),
    ("x" * 500 + " end", ("x" * 500, "x" * 64), ("x" * 10 + "y",)),
    (
        "before\x00nul and\ud800surrogate",
        ("before", "nul", "surrogate", "nul\x00", "sur\udfffrogate"[10:] + "surrogate"),
        (),
    ),
)


def test_each_text_is_found_by_what_people_type_and_by_nothing_else(desk: Desk) -> None:
    numbers = {}
    for text, _yes, _no in _TABLE:
        storable = text.replace("\x00", " ").replace("\ud800", " ")
        numbers[text] = desk.mail(storable, subject="").conversation_id
    catch_up()
    wrong = []
    for text, yes, no in _TABLE:
        wrong += [
            f"{word!r} does not find {text[:40]!r}" for word in yes if numbers[text] not in found(word, by=desk.alice)
        ]
        wrong += [f"{word!r} finds {text[:40]!r}" for word in no if numbers[text] in found(word, by=desk.alice)]
    assert not wrong, "\n".join(wrong).encode("utf-8", "replace").decode()


_HOSTILE = (
    "",
    " ",
    "\x00",
    "\ud800",
    '"',
    "'",
    "\\",
    "*",
    "bell*",
    "NEAR(a b)",
    "a OR b",
    "AND",
    "NOT bell",
    "(",
    ")",
    ":",
    "-",
    "words:bell",
    "'; DROP TABLE x; --",
    "%s",
    "%(a)s",
    "<->",
    "!bell",
    "bell:*",
    "bell & !bell",
    "{a}",
    "^bell",
    "+",
    "\ue000m1",
    "\ue001bell",
    "a" * 100_000,
    "b " * 10_000,
    "🚲" * 300,
    "東" * 1000,
    "ا" * 1000,
    "1 " * 300,
    "\u200b",
    "\u0301",
    "e\u0301" * 200,
    "ﷺ" * 300,
    "@",
    "<@>",
    "a@",
    "..",
    "½",
    "ⅷ",
)


def test_hostile_questions_are_answered_and_never_fail(desk: Desk) -> None:
    desk.mail("a perfectly ordinary bell")
    catch_up()
    for typed in _HOSTILE:
        for term in (Term(typed), Term(typed, phrase=True), Term(typed, part=SUBJECT)):
            for order in ("date", BY_RANK):
                hits(term, by=desk.alice, order=order)
            behind = engine()
            assert behind
            Conversation.objects.visible_to(desk.alice).filter(behind.matching(term)).count()
            behind.snippets([1, 2, 3], [term])


def test_a_mark_cannot_be_forged_by_what_somebody_writes(desk: Desk) -> None:
    desk.mail(f"\ue000m{desk.mailbox.pk} \ue001bell", subject="Wheels")
    catch_up()
    assert not found(Term("bell", part=SUBJECT), by=desk.alice)
    assert found("bell", by=desk.alice)


def test_a_phrase_is_words_beside_each_other_whole_and_in_order(desk: Desk) -> None:
    one = desk.mail("The bell of my new bicycle is broken", subject="Order").conversation_id
    two = desk.mail("A bicycle, new, and the bell", subject="Order").conversation_id
    catch_up()
    assert found(Term("new bicycle", phrase=True), by=desk.alice) == [one]
    assert found(Term("bicycle new", phrase=True), by=desk.alice) == [two]
    assert not found(Term("new bicyc", phrase=True), by=desk.alice)
    # Nor from one part into the next: the subject ends where the text begins.
    assert not found(Term("order the", phrase=True), by=desk.alice)
    assert found(Term("straße new", phrase=True), by=desk.alice) == []


def test_parts_are_asked_by_themselves(desk: Desk) -> None:
    data = b"Only the warranty is in here."
    file = File("Facture-7.txt", "text/plain", len(data), blobs().put(data))
    one = desk.mail(
        "Nothing here",
        subject="A broken saddle",
        sender=Person("Zoë Kowalska", "zoe@brass.example"),
        to=(Person("Support", "support@velo.example"),),
        cc=(Person("Pieter", "pieter@copper.example"),),
        files=(file,),
        rfc_id="<CAF+abc=77.XYZ@mail.brass.example>",
    ).conversation_id
    catch_up()
    for term in (
        Term("saddle", part=SUBJECT),
        Term("zoe", part=FROM),
        Term("zoe@brass.example", part=FROM),
        Term("kowal", part=FROM),
        Term("brass.example", part=FROM),
        Term("pieter", part=TO),
        Term("pieter", part=CC),
        Term("support", part=TO),
        Term("facture", part=FILE),
        Term("facture-7.txt", part=FILE),
        Term("warranty"),
        Term("<CAF+abc=77.XYZ@mail.brass.example>"),
        Term("CAF+abc=77.XYZ@mail.brass.example"),
        Term("zoe pieter saddle warranty"),
    ):
        assert found(term, by=desk.alice) == [one], term
    for term in (
        Term("zoe", part=TO),
        Term("saddle", part=FROM),
        Term("support", part=CC),
        Term("warranty", part=FILE),
        Term("nothing", part=SUBJECT),
        Term("CAF+abc=78.XYZ@mail.brass.example"),
    ):
        assert not found(term, by=desk.alice), term


def test_a_huge_mail_is_found_by_how_it_begins(desk: Desk) -> None:
    one = desk.mail("beginning " + " ".join(f"word{number}" for number in range(60_000))).conversation_id
    catch_up()
    assert found("beginning", by=desk.alice) == [one]
    assert found("word20000", by=desk.alice) == [one]


@pytest.mark.parametrize(
    "text", ["", "a" * 1_000_000, "\u0301" * 1000, "東" * 100_000, "-" * 10_000, "1 2 " * 20_000, "a-" * 50_000]
)
def test_no_text_takes_long_to_take_apart(text: str) -> None:
    from postroom.followers.search.document import Sayings

    words = words_in(Sayings(message_id=1, mailbox_id=1, sensitive=False, text=text))
    assert len(words) <= 30_000
    assert all(" " not in word and word for word in words_of(text)[0])
