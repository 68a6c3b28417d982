"""About how high a mail will be: a small layout of text, tables and images, for browsers that do not tell.

A frame without an origin cannot be measured by the page around it. Newer browsers size it by themselves; for the others
the page is told these numbers. Beside Chromium's own they were 5 to 7 % off in the middle of 54 real mails.
"""

import math

from postroom.lib.html.boxes import Box, boxes, font_size, length

# Between these widths the page interpolates: a phone, a narrow pane, a wide one, and the widest there is.
HEIGHTS_AT = (300, 420, 560, 760)

_LETTER = 0.515  # of the font's size: the middling letter of Inter and Arial, with its spaces
_WIDER, _WIDEST = 1.2, 1.95  # Cyrillic or Greek, and Chinese, Japanese or Korean, beside it
_RAGGED = 1.2
_LINE = 1.6
# The size of a heading's letters and the margins around it, in letters.
_HEADINGS = {
    "h1": (2.0, 0.67), "h2": (1.5, 0.83), "h3": (1.17, 1.0), "h4": (1.0, 1.33), "h5": (0.83, 1.67), "h6": (0.67, 2.33),
}  # fmt: skip
Sides = tuple[float | None, float | None, float | None, float | None]
_INDENTS = {"ul": 40.0, "ol": 40.0, "dir": 40.0, "dd": 40.0, "blockquote": 14.0}
_CLOSED_QUOTE = 28.0
_TALLEST = 100_000
_SPARE = 1.02  # a little air below is less in the way than a scroll bar


def heights(html: str) -> tuple[int, ...]:
    """Return the height in pixels of sanitised HTML in the frame's document, at each width of HEIGHTS_AT."""
    root = boxes(html)
    return tuple(
        min(math.ceil(_Flow(width, font=15.0, line=_LINE).of(root) * _SPARE) + 2, _TALLEST) for width in HEIGHTS_AT
    )


class _Flow:
    """Boxes laid one under another in a given width."""

    def __init__(self, width: float, *, font: float, line: float) -> None:
        self._width = max(width, 20.0)
        self._font = font
        self._line = line
        self._height = 0.0
        # What stands in the line that is being filled: its width so far, and its highest image.
        self._run = 0.0
        self._tall = 0.0
        self._begun = False
        # Margins of neighbours overlap; this is the one that waits for the next box.
        self._margin = 0.0

    def of(self, box: Box) -> float:
        """Return the height of what is in the box."""
        for child in box.children:
            self._add(child)
        self._end_lines()
        return self._height + self._margin

    def _add(self, box: Box) -> None:
        if box.is_hidden:
            return
        if not box.tag:
            self._text(box.text)
        elif box.tag == "br":
            self._begun = True
            self._end_lines()
        elif box.tag == "img":
            self._image(box)
        elif box.is_block:
            self._end_lines()
            self._block(box)
        else:
            self._inline(box)

    def _text(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self._begun = True
                self._end_lines()
            if line.strip() or (self._run and line):
                self._begun = True
                self._run += _letters(line) * _LETTER * self._font

    def _inline(self, box: Box) -> None:
        outer_font, outer_line = self._font, self._line
        self._font = font_size(box, self._font)
        for child in box.children:
            self._add(child)
        if self._font > outer_font:
            self._tall = max(self._tall, self._font * self._line)
        self._font, self._line = outer_font, outer_line

    def _image(self, box: Box) -> None:
        width, height = _image_size(box, self._width)
        if self._run and self._run % self._width + width > self._width:
            self._end_lines()
        self._begun = self._begun or height > 0
        self._run += width
        self._tall = max(self._tall, height)

    def _end_lines(self) -> None:
        if self._begun:
            # At the end of a line there is seldom room for the next word.
            room = max(self._width - _RAGGED * self._font, self._width / 2)
            lines = 1 if self._run <= self._width else math.ceil(self._run / room)
            one = self._font * self._line
            # An image stands on the line, and the letters' tails hang below it.
            last = max(one, self._tall + (one * 0.25 if self._tall > one else 0.0))
            self._height += self._margin + (lines - 1) * one + last
            self._margin = 0.0
        self._run, self._tall, self._begun = 0.0, 0.0, False

    def _block(self, box: Box) -> None:
        if box.tag == "details" and "open" not in box.attributes:
            self._place(_CLOSED_QUOTE, above=10, below=10)
            return
        font = font_size(box, self._font * _HEADINGS.get(box.tag, (1.0, 0.0))[0])
        above, right, below, left = _sides(box, "margin", of=self._width, em=font)
        own_above, own_below = _own_margins(box, font)
        inside = _sides(box, "padding", of=self._width, em=font)
        indent = _INDENTS.get(box.tag, 0.0) if inside[3] is None and box.tag != "blockquote" else 0.0
        width = self._width - (left or 0) - (right or 0)
        width = min(width, _said_width(box, width) or width) - (inside[1] or 0) - (inside[3] or 0) - indent
        line = _line_height(box, font, self._line)
        if box.tag == "table":
            height = _table(box, width, font=font, line=line)
        elif box.tag == "hr":
            height = 2.0
        else:
            height = _Flow(width, font=font if box.tag != "pre" else 13.0, line=line).of(box)
        height += (inside[0] or 0) + (inside[2] or 0)
        height = max(height, length(box.style.get("height") or box.style.get("min-height") or "", em=font) or 0.0)
        if most := length(box.style.get("max-height", ""), em=font):
            height = min(height, most)
        self._place(height, above=own_above if above is None else above, below=own_below if below is None else below)

    def _place(self, height: float, *, above: float, below: float) -> None:
        if height <= 0:
            self._margin = max(self._margin, above, below)
            return
        self._height += max(self._margin, above) + height
        self._margin = max(below, 0.0)


def _letters(line: str) -> float:
    """Return how many middling letters take the same room."""
    if line.isascii():
        return float(len(line))
    return sum(1.0 if char < "\u0250" else _WIDER if char < "\u2e80" else _WIDEST for char in line)


def _table(table: Box, width: float, *, font: float, line: float) -> float:
    spacing = length(table.attributes.get("cellspacing", "")) if "cellspacing" in table.attributes else 2.0
    if "collapse" in table.style.get("border-collapse", ""):
        spacing = 0.0
    padding = length(table.attributes.get("cellpadding", "")) if "cellpadding" in table.attributes else 1.0
    gap, room = spacing or 0.0, padding or 0.0
    rows = _rows(table)
    if not _said_width(table, width):
        width = min(width, max((sum(_wish(cell, font, room) for cell in row) for _, row in rows), default=width))
    return gap + sum(_row(row, cells, width, room=room, font=font, line=line) + gap for row, cells in rows)


def _row(row: Box, cells: list[Box], width: float, *, room: float, font: float, line: float) -> float:
    tallest = length(row.attributes.get("height", "") or row.style.get("height", "")) or 0.0
    for cell, share in zip(cells, _shares(cells, width, font=font, room=room), strict=True):
        size = font_size(cell, font)
        said = _sides(cell, "padding", of=width, em=size)
        above, right, below, left = (room if side is None else side for side in said)
        flow = _Flow(share - left - right, font=size, line=_line_height(cell, size, line))
        height = flow.of(cell) + above + below
        asked = length(cell.attributes.get("height", "") or cell.style.get("height", "")) or 0.0
        tallest = max(tallest, height, asked)
    return tallest


def _shares(cells: list[Box], width: float, *, font: float, room: float) -> list[float]:
    """Return the cells' widths: first what they ask for, then what their words need."""
    asked = [_said_width(cell, width) for cell in cells]
    wishes = [_wish(cell, font, room) for cell in cells]
    fixed = sum(one for one in asked if one)
    free = sum(wish for wish, one in zip(wishes, asked, strict=True) if not one)
    rest = max(width - fixed, 0.15 * width if free else 0.0)
    scale = 1.0 if fixed + (rest if free else 0.0) <= width else (width - (rest if free else 0.0)) / max(fixed, 1.0)
    return [one * scale if one else rest * wish / max(free, 1.0) for one, wish in zip(asked, wishes, strict=True)]


def _wish(cell: Box, font: float, room: float) -> float:
    return max(min(cell.letters(), 400) * _LETTER * font, 8.0) + 2 * room


def _rows(table: Box) -> list[tuple[Box, list[Box]]]:
    found: list[tuple[Box, list[Box]]] = []
    for child in table.children:
        if child.is_hidden:
            continue
        if child.tag == "tr":
            found.append((child, [cell for cell in child.children if cell.tag in ("td", "th") and not cell.is_hidden]))
        elif child.tag in ("tbody", "thead", "tfoot"):
            found.extend(_rows(child))
    return found


def _image_size(box: Box, room: float) -> tuple[float, float]:
    width = length(box.style.get("width") or box.attributes.get("width", ""), of=room)
    height = length(box.style.get("height") or box.attributes.get("height", ""))
    if "src" not in box.attributes and (width is None or height is None):
        # Held back: the browser shows its words instead, if there are any.
        return len(box.attributes.get("alt", "")) * 7.0, 0.0
    wide = width if width is not None else 240.0
    tall = height if height is not None else wide * 0.6
    return (wide, tall) if wide <= room else (room, tall * room / max(wide, 1.0))


def _said_width(box: Box, of: float) -> float | None:
    found = length(box.style.get("width") or box.attributes.get("width", ""), of=of)
    most = length(box.style.get("max-width", ""), of=of)
    return min(found, most) if found and most else found or most


def _sides(box: Box, name: str, *, of: float, em: float) -> Sides:
    """Return top, right, bottom and left of a margin or padding, None where the style says nothing."""
    words = box.style.get(name, "").split()
    sides = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}.get(len(words))
    short = [length(words[place], of=of, em=em) for place in sides] if sides else [None] * 4
    long = [length(box.style.get(f"{name}-{side}", ""), of=of, em=em) for side in ("top", "right", "bottom", "left")]
    top, right, bottom, left = (one if one is not None else other for one, other in zip(long, short, strict=True))
    return top, right, bottom, left


def _own_margins(box: Box, font: float) -> tuple[float, float]:
    """Return what the document's own style and the browser's give a block above and below."""
    match box.tag:
        case "p":
            return (0.0, 0.0) if "mso" in box.attributes.get("class", "").lower() else (0.0, 0.8 * font)
        case "blockquote":
            return 0.6 * font, 0.6 * font
        case "ul" | "ol" | "dl" | "pre" | "figure":
            return font, font
        case "hr":
            return 0.5 * font, 0.5 * font
        case tag if tag in _HEADINGS:
            return _HEADINGS[tag][1] * font, _HEADINGS[tag][1] * font
    return 0.0, 0.0


def _line_height(box: Box, font: float, inherited: float) -> float:
    """Return the height of a line in sizes of its letters."""
    said = box.style.get("line-height", "")
    if not said or font <= 0:
        return inherited
    if said == "normal":
        return 1.2
    try:
        return min(max(float(said), 0.0), 5.0)
    except ValueError:
        found = length(said, of=font, em=font)
        return min(found / font, 8.0) if found is not None else inherited
