"""Attached files are found by what they say; one that was made to hurt hurts nobody."""

import io
import zipfile

import pytest

from postroom.core.conversations.incoming import File
from postroom.core.conversations.models import INFECTED, FileVerdict
from postroom.core.storage import blobs
from postroom.demo.pdf import paper
from postroom.followers.search.models import NOTHING, READ, FileText
from postroom.followers.search.readers import read
from tests.core.conftest import Desk
from tests.followers.search.searching import catch_up, found, hits

_WORD = (
    '<w:document xmlns:w="http://w.example"><w:body><w:p><w:r><w:t>The guaran</w:t></w:r><w:r><w:t>'
    "tee runs</w:t></w:r></w:p><w:p><w:r><w:t>five years</w:t></w:r></w:p></w:body></w:document>"
)


def _zip(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def _file(name: str, data: bytes, content_type: str = "application/octet-stream") -> File:
    return File(name, content_type, len(data), blobs().put(data))


def test_files_are_found_by_what_they_say_and_by_their_names(desk: Desk) -> None:
    sheet = _zip(**{"xl/sharedStrings.xml": "<sst><si><t>sprocket</t></si><si><t>chainring</t></si></sst>"})
    letter = _zip(
        **{"content.xml": "<o:d xmlns:o='x' xmlns:text='y'><text:h>Heading</text:h><text:p>Cher ami</text:p></o:d>"}
    )
    expected = {
        "Invoice 88.pdf": (paper("# Invoice\nTitanium frame | 1\nTotal 4,711.00"), ("titanium", "4711", "invoice 88")),
        "terms.docx": (_zip(**{"word/document.xml": _WORD}), ("guarantee", "five years", "terms.docx")),
        "prices.xlsx": (sheet, ("sprocket", "chainring")),
        "lettre.odt": (letter, ("heading cher",)),
        "notes.txt": ("Größe Ölwechsel".encode("latin-1") * 20, ("oelwechsel",)),
        "page.html": (b"<p>Hello <b>pannier</b></p><script>hidden()</script>", ("pannier",)),
    }
    numbers = {}
    for at, (name, (data, _words)) in enumerate(expected.items()):
        numbers[name] = desk.mail(
            "See attached", files=(_file(name, data),), rfc_id=f"<{at}@a.example>"
        ).conversation_id
    catch_up()
    for name, (_data, words) in expected.items():
        for word in words:
            assert found(word, by=desk.alice) == [numbers[name]], (name, word)
    assert not hits("hidden", by=desk.alice).found
    from postroom.core.conversations.condition.words import Term, engine

    behind = engine()
    assert behind is not None
    hit = hits("titanium", by=desk.alice).found[0]
    pieces = behind.snippets([hit.message_id], [Term("titanium")])[hit.message_id]
    assert pieces[0].text.startswith("Invoice 88.pdf: ")
    assert [piece.text for piece in pieces if piece.matched] == ["Titanium"]


def test_what_cannot_be_read_or_was_made_to_hurt_is_passed_over(desk: Desk) -> None:
    bomb = _zip(**{"word/document.xml": "<w>" + "A" * 40_000_000 + "</w>"})
    laughs = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]><x>&b;</x>"
    deep = _zip(**{"content.xml": "<a>" * 300_000})
    for name, data in {
        "broken.pdf": b"%PDF-1.7 broken",
        "empty.docx": b"PK",
        "bomb.docx": bomb,
        "laughs.odt": _zip(**{"content.xml": laughs}),
        "deep.odt": deep,
        "none.txt": b" ",
        "zeros.txt": b"\0" * 1000,
        "image.png": b"\x89PNG",
    }.items():
        desk.mail("See attached", files=(_file(name, data),), rfc_id=f"<{name}@a.example>")
    catch_up()
    states = dict(FileText.objects.values_list("form", "state"))
    assert "pdf" in states
    assert not FileText.objects.exclude(state__in=(READ, NOTHING)).exists()
    # By their names all the same.
    assert found("bomb", by=desk.alice)
    assert found("image.png", by=desk.alice)


def test_a_file_with_a_virus_is_not_read(desk: Desk) -> None:
    file = _file("virus.txt", b"poisonous words")
    FileVerdict.objects.create(digest=file.digest, state=INFECTED, found="Eicar", next_at="2026-01-01T00:00Z")
    desk.mail("See attached", files=(file,))
    catch_up()
    assert not hits("poisonous", by=desk.alice).found
    assert FileText.objects.get().state == NOTHING


@pytest.mark.parametrize("form", ["pdf", "zip", "html", "text"])
def test_the_readers_take_any_bytes(form: str) -> None:
    for data in (
        b"",
        b"\0",
        b"PK\x03\x04" + b"\xff" * 50,
        b"%PDF-1.4\n" + bytes(range(256)),
        b"\xff\xfe\xd8",
        "é".encode() * 10,
    ):
        assert isinstance(read(form.encode() + b"\n" + data), bytes)
