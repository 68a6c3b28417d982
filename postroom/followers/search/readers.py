"""Bytes of a file to its words. Runs in a process with limits (reading.py): what it is given may be made to hurt."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

_MOST = 200_000
_MOST_PAGES = 500
_MOST_PARTS = 300
# Of one part of a document, unpacked.
_MOST_UNPACKED = 60 * 1024 * 1024
_PIECE = 1 << 16
# Where an office document has its words: Word, Excel, PowerPoint, OpenDocument.
_PARTS = re.compile(
    r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml|xl/(sharedStrings|worksheets/sheet\d+)\.xml"
    r"|ppt/slides/slide\d+\.xml|content\.xml"
)
# Elements at whose end a word ends as well, by the names after their prefixes.
_ENDS = frozenset(
    ["p", "h", "tab", "br", "s", "line-break", "cell", "tc", "tr", "si", "row", "c", "list-item", "table-cell"]
)


def read(question: bytes) -> bytes:
    """Return the words of a file as UTF-8; the question is how to read it (a name of READERS), a line end, the file."""
    form, _line, data = question.partition(b"\n")
    pieces: list[str] = []
    size = 0
    for piece in READERS[form.decode("ascii")](data):
        pieces.append(piece)
        size += len(piece)
        if size > _MOST:
            break
    return "".join(pieces)[:_MOST].encode("utf-8", "replace")


def _pdf(data: bytes) -> Iterator[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        # Broken, or locked with a password.
        return
    for number in range(min(len(document), _MOST_PAGES)):
        text = document[number].get_textpage().get_text_bounded()
        # U+FFFE is how PDFium says that a word was parted at the end of a line.
        yield re.sub(r"(?:\ufffe|\x02)\s*", "", text) + "\n"


def _zip(data: bytes) -> Iterator[str]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = [one for one in archive.namelist() if _PARTS.fullmatch(one)][:_MOST_PARTS]
        for name in names:
            with archive.open(name) as part:
                yield from _xml(part.read)
    except (zipfile.BadZipFile, expat.ExpatError, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        # Whatever could be read of a broken one was said already.
        return


def _xml(read_some: Callable[[int], bytes]) -> Iterator[str]:
    said: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = said.append

    def ended(name: str) -> None:
        if name.rpartition(":")[2] in _ENDS:
            said.append("\n")

    def declared(*_what: object) -> None:
        raise ValueError("An office document declares no types; one that does unfolds them without end.")

    parser.EndElementHandler = ended
    parser.StartDoctypeDeclHandler = declared
    unpacked = 0
    while (piece := read_some(_PIECE)) and unpacked < _MOST_UNPACKED:
        unpacked += len(piece)
        parser.Parse(piece, False)  # noqa: FBT003  (expat's own)
        yield "".join(said)
        said.clear()


def _html(data: bytes) -> Iterator[str]:
    from postroom.lib.html.plain import to_text

    yield to_text(_decoded(data))


def _text(data: bytes) -> Iterator[str]:
    yield _decoded(data)


def _decoded(data: bytes) -> str:
    data = data[: _MOST * 4]
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            # Cut within a letter, by us.
            return data.decode("utf-8", "replace")
    from charset_normalizer import from_bytes

    best = from_bytes(data[:20_000]).best()
    return data.decode(best.encoding if best else "latin-1", "replace")


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {"pdf": _pdf, "zip": _zip, "html": _html, "text": _text}
