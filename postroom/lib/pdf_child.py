"""The process that reads PDFs, started by `postroom.lib.confined`; it answers nothing when it cannot read one."""

import io
import json
from collections.abc import Callable

from postroom.lib.confining import answer_once

# An A0 plan at any width is still a picture that a browser draws.
_TALLEST = 6000


def _understand() -> Callable[[bytes], bytes]:
    from pypdfium2 import PdfDocument, PdfiumError

    def answer(question: bytes) -> bytes:
        head, _line, data = question.partition(b"\n")
        asked = json.loads(head)
        try:
            document = PdfDocument(data)
            if "page" in asked:
                return _drawn(document, number=asked["page"], width=asked["width"])
            count = len(document)
            sizes = [document.get_page_size(index) for index in range(min(count, asked["most"]))]
        except PdfiumError:
            return b""
        return json.dumps({"count": count, "sizes": sizes}).encode()

    return answer


def _drawn(document: object, *, number: int, width: int) -> bytes:
    from pypdfium2 import PdfDocument

    assert isinstance(document, PdfDocument)
    if not 1 <= number <= len(document):
        return b""
    across, down = document.get_page_size(number - 1)
    if across <= 0 or down <= 0:
        return b""
    scale = min(width / across, _TALLEST / down)
    picture = document[number - 1].render(scale=scale, may_draw_forms=False).to_pil()
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


if __name__ == "__main__":
    answer_once(_understand)
