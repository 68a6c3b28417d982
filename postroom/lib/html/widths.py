"""How wide a letter was made to be, and the steps in which it is drawn smaller where there is less room."""

import re

_FIXED = re.compile(
    r"""<(?:table|td|th|div|p|center)\b[^>]*?(?:\bwidth\s*=\s*["']?|[;"'\s](?:min-)?width\s*:\s*)(\d{3,4})(?:px)?(?=["';\s>])""",
    re.IGNORECASE,
)
# What nobody draws a letter for, and what any screen has room for.
_WIDEST, _NARROWEST = 1600, 320
_PAPER = 24
# Smaller than the last, it could not be read; it scrolls sideways then.
_STEPS = (95, 90, 85, 80, 75, 70, 65, 60, 55)


def made_for(html: str) -> int:
    """Return the width in pixels that sanitised HTML asks for, 0 when it takes what it gets."""
    widths = [int(found) for found in _FIXED.findall(html)]
    widest = max((width for width in widths if width <= _WIDEST), default=0)
    return widest + _PAPER if widest > _NARROWEST else 0


def zoom_steps(width: int) -> str:
    """Return style rules that draw a body of this width smaller, step by step, in narrower frames; "" for 0."""
    return "\n".join(
        f"@media (max-width: {width * (step + 5) / 100 - 0.02:.2f}px) {{ body {{ zoom: {step}%; }} }}"
        for step in _STEPS
        if width
    )
