"""What each route does, by name."""

from collections.abc import Callable

from django.http import HttpResponse, JsonResponse

from postroom.faces.api.v1 import changing, conversations, files, messages, whoami, writing
from postroom.faces.api.v1.asking import Answer
from postroom.faces.api.v1.openapi import description

DOING: dict[str, Callable[..., Answer | HttpResponse]] = {
    "me": whoami.me,
    "list_conversations": conversations.list_conversations,
    "show_conversation": conversations.show_conversation,
    "show_messages": messages.show_messages,
    "show_file": files.show_file,
    "reply": writing.reply_to_customer,
    "note": writing.write_note,
    "give": changing.give,
    "free": changing.free,
    "close": changing.close_it,
    "reopen": changing.reopen_it,
}


def describe() -> HttpResponse:
    """Return the description of all this."""
    return JsonResponse(description())
