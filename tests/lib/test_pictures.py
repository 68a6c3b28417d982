"""A photo is made anew, small and square, and what hides in the upload stays outside."""

import io

import pytest
from PIL import Image

from postroom.lib.pictures import NotAPicture, square


def _picture(kind: str, size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    made = io.BytesIO()
    left = Image.new("RGB", size, "red")
    left.paste("blue", (size[0] // 2, 0, *size))
    left.save(made, kind, **options)
    return made.getvalue()


def test_every_usual_kind_becomes_a_small_square_picture() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        with Image.open(io.BytesIO(square(_picture(kind)))) as made:
            assert (made.format, made.size) == ("WEBP", (256, 256)), kind


def test_where_it_was_taken_and_what_was_written_into_it_is_gone() -> None:
    said = Image.Exif()
    said[0x0112] = 6  # taken with the camera on its side
    said[0x010E] = "secret place"
    made = square(_picture("JPEG", exif=said, comment=b"secret word", icc_profile=b"secret profile"))
    assert b"secret" not in made
    assert b"EXIF" not in made
    shown = Image.open(io.BytesIO(made)).convert("RGB")
    # Turned the right way up: red is above blue now.
    above, below = shown.getpixel((128, 20)), shown.getpixel((128, 236))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] > 200 > 100 > above[2]
    assert below[2] > 200


def test_bombs_and_what_is_no_picture_are_refused() -> None:
    bomb = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    wide = io.BytesIO()
    Image.new("1", (30_000, 2)).save(wide, "PNG")
    for data in (bomb.getvalue(), wide.getvalue(), _picture("PNG") + b"\0" * 11_000_000):
        with pytest.raises(NotAPicture) as refused:
            square(data)
        assert refused.value.too_large
    whole = _picture("JPEG")
    for data in (
        b"",
        b"<svg xmlns='x'/>",
        b"GIF89a",
        whole[:200],
        whole[: len(whole) // 2],
        _picture("TIFF"),
        _picture("PDF"),
    ):
        with pytest.raises(NotAPicture) as refused:
            square(data)
        assert not refused.value.too_large
