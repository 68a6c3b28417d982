"""Mail to many: lists and newsletters."""

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.sign import Sign, seen
from postroom.core.conversations.automatic import LIST, NEWSLETTER

# Where people talk to each other (RFC 2369, 2919) …
_LIST = ("List-Post", "X-Mailing-List", "X-Mailman-Version", "X-BeenThere", "List-Archive")
# … and where one sender tells many (RFC 8058; Gmail's feedback loop).
_NEWSLETTER = ("List-Unsubscribe-Post", "Feedback-ID", "List-Unsubscribe", "List-Id", "X-Campaign", "X-CampaignID")
LIST_HEADERS = (*_LIST, *_NEWSLETTER, "List-Help", "List-Subscribe", "List-Owner", "Mailing-List", "X-Google-Group-Id")
_WORDS = ("bulk", "list", "junk")


def is_bulk(parsed: Parsed) -> Sign | None:
    """A list's own headers or a Precedence that says bulk."""
    for code, names in ((LIST, _LIST), (NEWSLETTER, _NEWSLETTER)):
        for name in names:
            # "NO" is RFC 2369's way to say that nobody may write there: an announcement.
            if (value := parsed.header(name)) and not (name == "List-Post" and value.strip().upper().startswith("NO")):
                return Sign(code, seen(name, value))
    precedence = next((word for word in _WORDS if word in parsed.precedence), None)
    if precedence is None:
        return None
    return Sign(LIST if precedence == "list" else NEWSLETTER, seen("Precedence", precedence))
