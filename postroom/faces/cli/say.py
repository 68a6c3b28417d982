"""How the commands speak: to the terminal at once, even through a pipe."""

import sys


def say(text: str = "") -> None:
    """Print a line for the person at the terminal."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print what went wrong and what to do, where errors belong."""
    print(text, file=sys.stderr, flush=True)
