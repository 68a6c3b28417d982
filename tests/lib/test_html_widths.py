"""How wide a letter was made, and how it is fitted into less."""

import pytest

from postroom.lib.html.height import HEIGHTS_AT, heights
from postroom.lib.html.widths import made_for, zoom_steps


@pytest.mark.parametrize(
    ("html", "width"),
    [
        ("<p>Hello</p>", 0),
        ('<table width="640"><tr><td>x</td></tr></table>', 664),
        ('<table style="width:600px"><tr><td width="300">x</td></tr></table>', 624),
        ('<div style="color:red;min-width:500px">x</div>', 524),
        ('<div style="max-width:600px">x</div>', 0),
        ('<table width="100%"><tr><td width="99999">x</td></tr></table>', 0),
        ('<img width="900">', 0),
    ],
)
def test_a_letter_asks_for_its_widest_fixed_part(html: str, width: int) -> None:
    assert made_for(html) == width


def test_it_is_drawn_smaller_in_steps_and_never_too_small_to_read() -> None:
    assert zoom_steps(0) == ""
    steps = zoom_steps(664).splitlines()
    assert steps[0] == "@media (max-width: 663.98px) { body { zoom: 95%; } }"
    assert steps[-1].endswith("zoom: 55%; } }")


def test_the_estimate_of_a_height_is_near_what_can_be_worked_out_by_hand() -> None:
    # Ten paragraphs of one line of 24 pixels and a margin of 12.
    assert all(abs(height - 360) < 20 for height in heights("<p>Thanks</p>" * 10))
    image = '<img src="cid:x" width="200" height="100">'
    assert all(100 <= height <= 120 for height in heights(image))
    folded = "<p>New</p><details class='quote'><summary>x</summary>" + "<p>Old</p>" * 50 + "</details>"
    assert all(height <= 100 for height in heights(folded))


def test_a_narrower_frame_is_never_lower_and_odd_html_is_no_trouble() -> None:
    texts = heights("<p>" + "Some words about it. " * 100 + "</p>")
    assert list(texts) == sorted(texts, reverse=True)
    assert len(texts) == len(HEIGHTS_AT)
    for html in (
        "",
        "<table></table>",
        "<div>" * 500 + "x",
        "<td width='1e9'>x",
        "<p style='font-size:0;line-height:0'>x",
    ):
        assert all(height >= 0 for height in heights(html))
