import hashlib
from pathlib import Path

import pytest

from postroom.lib.blobs import BlobMissing, BlobStore


def test_bytes_come_back_to_the_last_bit(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    data = bytes(range(256)) * 99
    digest = store.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert store.put(data) == digest
    assert store.get(digest) == data
    assert [path.name for path in store.path(digest).parent.iterdir()] == [store.path(digest).name]


def test_a_missing_and_a_damaged_file_say_so(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    with pytest.raises(BlobMissing):
        store.get("0" * 64)
    digest, other = store.put(b"one"), store.put(b"other")
    store.path(digest).write_bytes(b"no zstd")
    with pytest.raises(BlobMissing):
        store.get(digest)
    store.path(digest).write_bytes(store.path(other).read_bytes())
    with pytest.raises(BlobMissing):
        store.get(digest)


def test_a_refusing_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = BlobStore(tmp_path)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdatasync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(b"never")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_beginning_is_read_without_the_rest(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    digest = store.put(b"Subject: hi\n\n" + b"x" * 5_000_000)
    assert store.head(digest, octets=11) == b"Subject: hi"
    with pytest.raises(BlobMissing):
        store.head("0" * 64, octets=11)
