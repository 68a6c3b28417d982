"""All that the API can be asked: the addresses and their description (openapi.py) are both made of this."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One method of one address.

    `does` names a function of doing.py; `takes` and `gives` name shapes (shapes.py, writing.py), "" for no body.
    `answers`: needs a token that may answer. `open`: needs none.
    """

    method: str
    path: str
    does: str
    summary: str
    gives: str
    takes: str = ""
    status: int = 200
    answers: bool = False
    open: bool = False
    # Of the query: name -> what it means.
    query: tuple[tuple[str, str], ...] = ()
    # A second click finds the first result (Idempotency-Key).
    once: bool = False
    # Answers 409 with what changed.
    guarded: bool = False


_BEFORE = ("before", "Where to go on: `next` of the page before.")
_CONVERSATION = "conversations/<digits:conversation_id>"
# By address: each has one name.
NAMES = {
    "openapi.json": "api-description",
    "me": "api-me",
    "conversations": "api-conversations",
    _CONVERSATION: "api-conversation",
    f"{_CONVERSATION}/messages": "api-messages",
    f"{_CONVERSATION}/replies": "api-replies",
    f"{_CONVERSATION}/notes": "api-notes",
    f"{_CONVERSATION}/owner": "api-owner",
    f"{_CONVERSATION}/closure": "api-closure",
    "files/<digits:attachment_id>": "api-file",
}

ROUTES = (
    Route("GET", "openapi.json", "describe", "This description.", gives="", open=True),
    Route("GET", "me", "me", "Whose token it is, what it may do, and in which mailboxes.", gives="Me"),
    Route(
        "GET",
        "conversations",
        "list_conversations",
        "The conversations that this person sees, the last active first.",
        gives="ConversationList",
        query=(("q", "Which ones, in the language of the search box: `is:open assignee:me`."), _BEFORE),
    ),
    Route(
        "GET",
        _CONVERSATION,
        "show_conversation",
        "One conversation with its newest messages. To read it is written to the audit log.",
        gives="Conversation",
    ),
    Route(
        "GET",
        f"{_CONVERSATION}/messages",
        "show_messages",
        "Messages that were before those, in their order.",
        gives="MessageList",
        query=(("before", "The id of a message: what was before it. Without it, the newest."),),
    ),
    Route(
        "POST",
        f"{_CONVERSATION}/replies",
        "reply",
        "Answer the customer. It leaves after the time to undo it, or at `send_after`.",
        takes="ReplyToWrite",
        gives="Message",
        status=201,
        answers=True,
        once=True,
        guarded=True,
    ),
    Route(
        "POST",
        f"{_CONVERSATION}/notes",
        "note",
        "Write something for colleagues.",
        takes="NoteToWrite",
        gives="Message",
        status=201,
        answers=True,
        once=True,
    ),
    Route(
        "PUT",
        f"{_CONVERSATION}/owner",
        "give",
        "Give the conversation to a person or a team.",
        takes="OwnerToBe",
        gives="ConversationLine",
        answers=True,
    ),
    Route("DELETE", f"{_CONVERSATION}/owner", "free", "Let nobody have it.", gives="ConversationLine", answers=True),
    Route(
        "PUT", f"{_CONVERSATION}/closure", "close", "Say that the work is done.", gives="ConversationLine", answers=True
    ),
    Route(
        "DELETE",
        f"{_CONVERSATION}/closure",
        "reopen",
        "Take the work up again.",
        gives="ConversationLine",
        answers=True,
    ),
    Route("GET", "files/<digits:attachment_id>", "show_file", "The bytes of a file, as a download.", gives=""),
)


def by_path() -> dict[str, dict[str, Route]]:
    """Return path -> method -> route."""
    found: dict[str, dict[str, Route]] = defaultdict(dict)
    for route in ROUTES:
        found[route.path][route.method] = route
    return dict(found)
