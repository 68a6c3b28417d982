"""The one blob store of this installation."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from postroom.lib.blobs import BlobStore


def blobs() -> BlobStore:
    """Return the store in the data folder."""
    return _store(settings.POSTROOM_DATA / "blobs")


@lru_cache(maxsize=8)
def _store(folder: Path) -> BlobStore:
    return BlobStore(folder)
