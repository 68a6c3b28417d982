"""Make a small picture of our own out of whatever somebody uploads; nothing of the upload survives but its looks."""

import io
import warnings
from typing import Final

LARGEST_FILE: Final = 10 * 1024 * 1024
SIDE: Final = 256
# Only what cameras and screens make: each further format is a decoder for strangers to try.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# A JPEG is shrunk while it is read; of others every pixel lies in memory, four bytes each.
_MOST_PIXELS = 25_000_000
_MOST_PIXELS_OF_JPEG = 80_000_000
_LONGEST_SIDE = 20_000


class NotAPicture(Exception):
    """Nothing was kept; `too_large` tells whether it is a picture with more pixels than fit."""

    def __init__(self, *, too_large: bool = False) -> None:
        super().__init__("more pixels than fit" if too_large else "not a picture")
        self.too_large = too_large


def square(data: bytes) -> bytes:
    """Return the middle of a picture as WebP, 256 by 256 pixels; NotAPicture when it cannot be read."""
    # Imported here: it costs more than all the rest of a page's start.
    from PIL import Image, ImageOps

    if len(data) > LARGEST_FILE:
        raise NotAPicture(too_large=True)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as found:
            _refuse_large(found.size, jpeg=found.format == "JPEG")
            # Reads a JPEG at an eighth of its size where that is enough.
            found.draft("RGB", (SIDE * 2, SIDE * 2))
            # Cameras write beside the picture which way is up.
            upright = ImageOps.exif_transpose(found.convert("RGBA"))
            small = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise NotAPicture(too_large=True) from bomb
    except (OSError, ValueError, SyntaxError, MemoryError, OverflowError, EOFError) as error:
        # Each decoder has words of its own for bytes that it cannot read.
        raise NotAPicture from error
    # On new paper: profiles, places and comments stay behind with the old one.
    paper = Image.new("RGB", (SIDE, SIDE), "white")
    paper.paste(small, mask=small.getchannel("A"))
    made = io.BytesIO()
    paper.save(made, "WEBP", quality=84, method=4)
    return made.getvalue()


def _refuse_large(size: tuple[int, int], *, jpeg: bool) -> None:
    width, height = size
    most = _MOST_PIXELS_OF_JPEG if jpeg else _MOST_PIXELS
    if width * height > most or max(width, height) > _LONGEST_SIDE:
        raise NotAPicture(too_large=True)


# A phone's camera makes 12 to 50 million; a browser needs four bytes for each, whatever the file weighs.
_MOST_DRAWN = 60_000_000


def is_drawable(data: bytes) -> bool:
    """Tell whether a browser can draw this picture without choking: it says its size, and that is not enormous."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # Of its own it warns at less and refuses at more; only the head of the file is read here.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                width, height = picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return False
    return 0 < width * height <= _MOST_DRAWN
