"""Mails to begin with: our own, and those of the public corpora where they are beside the repository."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAX_SIZE = 100_000


def corpora() -> Path | None:
    """Return the folder of public corpora: POSTROOM_CORPORA, or ../shared/corpora; None when it is not there."""
    folder = Path(os.environ.get("POSTROOM_CORPORA") or ROOT.parent / "shared" / "corpora")
    return folder if folder.is_dir() else None


def mails(*, with_corpora: bool) -> list[bytes]:
    """Return the mails, in an order that does not change, the large ones left out."""
    paths = sorted((ROOT / "tests" / "mails").rglob("*.eml"))
    folder = corpora() if with_corpora else None
    if folder is not None:
        kinds = ("*.eml", "*.msg")
        paths += sorted(path for kind in kinds for path in folder.rglob(kind) if path.stat().st_size <= MAX_SIZE)
        paths += sorted(path for path in (folder / "bounces").rglob("*.txt") if path.stat().st_size <= MAX_SIZE)
    return [path.read_bytes() for path in paths]
