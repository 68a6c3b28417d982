"""Keep a body without end from filling the disk: what is too large is read to its end and thrown away."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

# The view finds the file's name here and says it.
TOO_LARGE = "postroom.too_large"


class UploadLimit(FileUploadHandler):
    """Counts the bytes of all files of one request, before any other handler stores them."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._left = settings.POSTROOM_MAX_UPLOAD_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """Pass the bytes on while there is room."""
        self._left -= len(raw_data)
        if self._left < 0:
            if self.request is not None:
                self.request.META[TOO_LARGE] = self.file_name or ""
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""
