from dataclasses import dataclass

GOOD = "good"
# It works, and could be better.
WARNING = "warning"
# Mail is lost or taken for a forgery by this.
BAD = "bad"
# Nobody answered, so nothing is known.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class DnsRecord:
    """A record to add to DNS, or to put in the place of another."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class Finding:
    """What one look found: a verdict, a sentence that says it, and what to change."""

    topic: str
    verdict: str
    sentence: str
    advice: str = ""
    record: DnsRecord | None = None
    # What stands there now.
    present: str = ""
