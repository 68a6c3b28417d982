"""Read header blocks, RFC 2047 words and RFC 2231 parameters as leniently as mail is written."""

import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from postroom.channels.mail.charsets import decode
from postroom.channels.mail.transfer import decoded, unbase64

MAX_HEADERS = 500
MAX_VALUE = 20_000
MAX_BLOCK = 300_000  # of all fields; those after it are kept by their first words
_FIRST_WORDS = 200
RawHeaders = tuple[tuple[str, bytes], ...]

_FIELD = re.compile(rb"([!-9;-~]{1,120})[ \t]*:")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,20})\?=", re.DOTALL)
_WORD_CHARSET = re.compile(rb"=\?([^?\s*]{1,60})[^?\s]*\?[bBqQ]\?")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LINE_ENDS = re.compile(r"[\r\n]+")
_PARAM = re.compile(
    r""";\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*(?:"|$)|[^;]*)""",
    re.DOTALL,
)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)


def split_headers(data: bytes, start: int = 0, stop: int | None = None) -> tuple[RawHeaders, int]:
    """Return the header fields of the part data[start:stop] and where its body starts.

    A line that is no field and no continuation ends the block, as if the empty line had been forgotten,
    unless fields follow.
    """
    stop = len(data) if stop is None else stop
    fields: list[tuple[str, bytes]] = []
    value: list[bytes] = []
    name = ""
    position = _skip_envelope(data, start, stop)
    while position < stop:
        end = _line_end(data, position, stop)
        line = data[position:end].rstrip(b"\r\n")
        field = _FIELD.match(line)
        if not line:
            position = end
            break
        if line[:1] in b" \t" and name:
            value.append(line)
        elif field:
            _keep(fields, name, value)
            name, value = field[1].decode("latin-1"), [line[field.end() :]]
        elif name and not line.startswith(b"--") and _FIELD.match(data, end, stop):
            value.append(b" " + line)  # a folded line that lost its indentation
        elif line.strip() or not name:
            break
        position = end
    _keep(fields, name, value)
    return tuple(fields), position


def _line_end(data: bytes, position: int, stop: int) -> int:
    end = data.find(b"\n", position, stop)
    return stop if end < 0 else end + 1


def _keep(fields: list[tuple[str, bytes]], name: str, value: list[bytes]) -> None:
    if name and len(fields) < MAX_HEADERS:
        room = MAX_BLOCK - sum(len(kept) for _, kept in fields) if len(fields) > MAX_BLOCK // MAX_VALUE else MAX_VALUE
        fields.append((name, b"\n".join(value)[: max(_FIRST_WORDS, min(room, MAX_VALUE))].strip()))


def _skip_envelope(data: bytes, position: int, stop: int) -> int:
    """Pass over blank lines and an mbox "From " line before the first field."""
    while position < stop:
        end = _line_end(data, position, stop)
        line = data[position:end]
        if line.strip() and not line.startswith((b"From ", b">From ")):
            return position
        if not line.strip() and end == stop:
            return position
        position = end
    return position


def text_of(value: bytes, hints: Sequence[str | None] = ()) -> str:
    """Return a raw header value as one line of text, RFC 2047 words still encoded."""
    if value.isascii() and b"\x1b" not in value:
        text = value.decode("ascii")
    else:
        named = _WORD_CHARSET.findall(value)[:3]  # eight-bit letters inside an encoded word are of its charset
        text = decode(value, hints=[*(name.decode("latin-1") for name in named), *hints])
    return _unfolded(text)


def words(text: str, hints: Sequence[str | None] = ()) -> str:
    """Return the text with its RFC 2047 words decoded, also where they break the rules about spaces and quotes."""
    if "=?" not in text:
        return clean(text)
    text = _BETWEEN.sub(r"\1", text)
    out: list[str] = []
    position = 0
    run: list[tuple[str, bytes]] = []
    for match in _WORD.finditer(text):
        if match.start() != position or not run:
            out += [_joined(run, hints), text[position : match.start()]]
            run = []
        run.append((match[1].split("*")[0], _word_bytes(match[2], match[3])))
        position = match.end()
    out += [_joined(run, hints), text[position:]]
    return clean("".join(out))


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "surrogatepass")
    if encoding in "bB":
        return unbase64(data)
    return decoded(data.replace(b"_", b"=20").replace(b" ", b"=20"), "q")


def _joined(run: list[tuple[str, bytes]], hints: Sequence[str | None]) -> str:
    """Neighbouring words of one charset are decoded together: many programs cut inside a character."""
    out: list[str] = []
    while run:
        charset = run[0][0]
        same = [data for name, data in run if name.lower() == charset.lower()]
        if len(same) != len(run):
            same = [run[0][1]]
            for name, data in run[1:]:
                if name.lower() != charset.lower():
                    break
                same.append(data)
        run = run[len(same) :]
        out.append(decode(b"".join(same), charset, hints=hints))
    return "".join(out)


def clean(text: str) -> str:
    """Return one line without control characters, as a list or a header can carry it."""
    if text.isprintable():
        # Nearly all of it: no control character, no line end.
        return text.strip()
    return _CONTROL.sub("", _unfolded(text).replace("\t", " ")).strip()


def _unfolded(text: str) -> str:
    """Return the lines as one, a space for each line end and the blanks around it."""
    if "\n" not in text and "\r" not in text:
        return text
    first, *others = _LINE_ENDS.split(text)
    *middle, last = others
    return " ".join([first.rstrip(" \t"), *(line.strip(" \t") for line in middle), last.lstrip(" \t")])


def parameters(text: str) -> tuple[str, dict[str, str]]:
    """Return the lower-case value and the parameters of a Content-Type or Content-Disposition (RFC 2231 undone)."""
    value, semicolon, rest = text.partition(";")
    found: dict[str, str] = {}
    for match in _PARAM.finditer(semicolon + rest):
        raw = match[2].strip()
        if raw.startswith('"'):
            raw = _QUOTED_PAIR.sub(r"\1", raw[1:-1] if raw.endswith('"') and len(raw) > 1 else raw[1:])
        found.setdefault(match[1].lower(), raw)
        if len(found) >= 100:
            break
    return value.strip().lower()[:200], _continued(found)


def _continued(found: dict[str, str]) -> dict[str, str]:
    """Join name*0*=, name*1= … and undo the percent signs (RFC 2231 sections 3 and 4)."""
    if not any("*" in key for key in found):
        return found
    plain = {key: value for key, value in found.items() if "*" not in key}
    pieces: dict[str, list[tuple[int, str, bool]]] = {}
    for key, value in found.items():
        if "*" not in key:
            continue
        name, _, number = key.partition("*")
        encoded = number.endswith("*") or number == ""
        order = number.rstrip("*")
        pieces.setdefault(name, []).append((int(order) if order.isdecimal() and len(order) < 4 else 0, value, encoded))
    for name, parts in pieces.items():
        plain[name] = _extended(sorted(parts)) or plain.get(name, "")
    return plain


def _extended(parts: list[tuple[int, str, bool]]) -> str:
    charset = None
    data = bytearray()
    for index, (_, value, encoded) in enumerate(parts):
        if index == 0 and encoded and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data += unquote_to_bytes(value) if encoded else value.encode("utf-8", "surrogatepass")
    return decode(bytes(data), charset)
