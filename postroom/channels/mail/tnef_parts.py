"""What winmail.dat holds, once it is open."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TnefFile:
    """A file out of winmail.dat; `content_type` and `content_id` are '' when it did not say."""

    name: str
    data: bytes
    content_type: str = ""
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Winmail:
    """What winmail.dat held; `subject`, `body` and `html_body` are '' when it had none."""

    files: tuple[TnefFile, ...]
    body: str
    html_body: str
    subject: str = ""
