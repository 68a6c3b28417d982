"""A small paper as a valid PDF: one A4 page in Helvetica, made of lines of text."""

import re
import zlib

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 56
_COLUMNS = (56, 300, 380, 470)
_LEADING = 17


def paper(text: str) -> bytes:
    """Return a PDF of one page. `# ` begins a title, ` | ` parts columns, `---` draws a line; the rest is set as it is.

    What Latin-1 with the euro sign (WinAnsi) does not know becomes a question mark.
    """
    content = zlib.compress(_page(text.strip().splitlines()))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>" % (_WIDTH, _HEIGHT),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        _font(b"Helvetica"),
        _font(b"Helvetica-Bold"),
    ]
    return _file(objects)


def _font(name: bytes) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name


def _page(lines: list[str]) -> bytes:
    drawn = [b"0.13 0.17 0.25 rg 0.13 0.17 0.25 RG 0.6 w"]
    height = _HEIGHT - 70
    for line in lines:
        if line.startswith("# "):
            drawn.append(_text(line[2:], x=_MARGIN, y=height, font="F2", size=17))
            height -= 12
        elif line.strip() == "---":
            drawn.append(b"%d %d m %d %d l S" % (_MARGIN, height + 5, _WIDTH - _MARGIN, height + 5))
        elif " | " in line:
            cells = zip(re.split(r" *\| *", line), _COLUMNS, strict=False)
            drawn += [_text(cell, x=x, y=height, font="F1", size=10) for cell, x in cells]
        elif line:
            drawn.append(_text(line, x=_MARGIN, y=height, font="F1", size=10))
        height -= _LEADING
    return b"\n".join(drawn)


def _text(words: str, *, x: int, y: int, font: str, size: int) -> bytes:
    safe = words.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /%s %d Tf %d %d Td (%s) Tj ET" % (font.encode(), size, x, y, safe)


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
