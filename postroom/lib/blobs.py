"""Bytes kept by content: named by their SHA-256, compressed with zstd, on the disk before `put` returns."""
# ruff: noqa: PTH105  (plain strings: pathlib costs as much as some of the disk's own calls)

import hashlib
import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

import zstandard

# Level 1 is three times as fast as the default and within 4 % of its size on mail.
_LEVEL = 1

_threads = threading.local()

_together: ContextVar[bool] = ContextVar("postroom_blobs_synced_together", default=False)


@contextmanager
def synced_together() -> Iterator[None]:
    """Sync the disk once, at the end of the block, instead of at each `put` inside it.

    Only for bulk work whose rows are committed after the block: on a crash, files and rows are both not there.
    """
    token = _together.set(True)
    try:
        yield
        os.sync()
    finally:
        _together.reset(token)


class BlobMissing(Exception):
    """A stored file is gone or damaged; the row that names it is still there."""


class BlobStore:
    """A folder of content-addressed files: `ab/cdef….zst`, written once and never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = str(folder)

    def path(self, digest: str) -> Path:
        """Return where the bytes with this hex SHA-256 lie."""
        return self.folder / digest[:2] / f"{digest[2:]}.zst"

    def put(self, data: bytes) -> str:
        """Store bytes durably (file and folder fsynced) and return their hex SHA-256; OSError when the disk refuses."""
        return self.put_new(data)[0]

    def put_new(self, data: bytes) -> tuple[str, bool]:
        """Store bytes as `put` does, and tell as well whether they were not there before."""
        digest = hashlib.sha256(data).hexdigest()
        folder = f"{self._root}/{digest[:2]}"
        path = f"{folder}/{digest[2:]}.zst"
        if _is_there(path):
            # Whoever wrote it a moment ago may not have come to this yet.
            _sync_folder(folder)
            return digest, False
        # Only to be nobody else's; asking the system for better ones costs as much as compressing a mail.
        temporary = f"{folder}/.{digest[2:]}.zst.{random.getrandbits(64):x}"
        packed = _compressor().compress(data)
        try:
            try:
                self._write(temporary, packed)
            except FileNotFoundError:
                self._make_folder(folder)
                self._write(temporary, packed)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(folder)
        return digest, True

    def get(self, digest: str) -> bytes:
        """Return the bytes; BlobMissing when they are not there or no longer what they were."""
        try:
            data = zstandard.decompress(self.path(digest).read_bytes())
        except FileNotFoundError:
            raise BlobMissing(f"No stored file {digest[:12]}….") from None
        except zstandard.ZstdError:
            raise BlobMissing(f"Stored file {digest[:12]}… cannot be read.") from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise BlobMissing(f"Stored file {digest[:12]}… is damaged.")
        return data

    def head(self, digest: str, *, octets: int) -> bytes:
        """Return the first bytes, unchecked, without reading the rest; BlobMissing when they are not there."""
        try:
            with self.path(digest).open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
                return bytes(stream.read(octets))
        except FileNotFoundError:
            raise BlobMissing(f"No stored file {digest[:12]}….") from None
        except zstandard.ZstdError:
            raise BlobMissing(f"Stored file {digest[:12]}… cannot be read.") from None

    def forget(self, digest: str, *, unless_stored_since: datetime) -> bool:
        """Delete these bytes; False when somebody has stored the same since that moment. Not there is deleted.

        They are put aside first: whoever stores them from then on writes them anew, and whoever did a moment before has
        left the time of it. After a crash between the two, `keep` or the next `forget` goes on.
        """
        path, aside = self.path(digest), self._aside(digest)
        with suppress(FileNotFoundError):
            path.rename(aside)
        try:
            if aside.stat().st_mtime > unless_stored_since.timestamp():
                aside.rename(path)
                return False
        except FileNotFoundError:
            return True
        aside.unlink()
        return True

    def keep(self, digest: str) -> None:
        """Put back what a crash has left aside."""
        with suppress(FileNotFoundError):
            self._aside(digest).rename(self.path(digest))

    def _aside(self, digest: str) -> Path:
        return self.folder / digest[:2] / f".{digest[2:]}.aside"

    def _make_folder(self, folder: str) -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        # The new folder's own name must survive a power cut too.
        _sync_folder(self._root)

    @staticmethod
    def _write(path: str, data: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            if not _together.get():
                os.fdatasync(descriptor)
        finally:
            os.close(descriptor)


def _compressor() -> zstandard.ZstdCompressor:
    """Return this thread's own: making one costs several times what a mail's few lines do."""
    found: zstandard.ZstdCompressor | None = getattr(_threads, "compressor", None)
    if found is None:
        found = _threads.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    return found


def _is_there(path: str) -> bool:
    """Tell whether the file is there, and leave the time at which somebody wanted it to be: see `forget`."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _sync_folder(folder: str) -> None:
    if _together.get():
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
