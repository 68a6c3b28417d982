from pathlib import Path

import pytest

from postroom.lib.blobs import BlobStore, synced_together


def test_what_is_synced_together_is_stored_like_the_rest(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    with synced_together():
        digest = store.put(b"a wheel")
    assert store.get(digest) == b"a wheel"


def test_after_a_failure_each_put_is_synced_by_itself_again(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    with pytest.raises(OSError, match="full"), synced_together():
        raise OSError("The disk is full.")
    assert store.get(store.put(b"a bell")) == b"a bell"
