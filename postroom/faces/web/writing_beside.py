"""What the form for a side thread has to know before the first key is pressed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.addressing import People, our_addresses
from postroom.core.conversations.beside import customers_of
from postroom.core.conversations.drafts import held_beside
from postroom.core.conversations.evidence import PASSES_ON
from postroom.core.conversations.models import INFECTED, Attachment, FileVerdict, Message, SideThread
from postroom.core.conversations.models.message import CANCELLED, IN
from postroom.faces.web.drafts import described as draft_described
from postroom.faces.web.views.uploads import described
from postroom.lib.addresses import normalize, without_plus

# Where each is sent, by the mode of its draft.
_SENT_TO = {"forward": "forwarding", "beside": "beside"}


@dataclass(frozen=True)
class Beside:
    """One form: what its heading says, the subject (forwards only), the mail that goes along, and what scripts read."""

    title: str
    subject: str
    passes_on: Message | None
    config: dict[str, object]


def forwarding(message: Message, *, by: User) -> Beside:
    """Return the form that passes a mail on."""
    locked = FileVerdict.objects.filter(state=INFECTED).values("digest")
    files = message.attachments.filter(inline=False).exclude(digest__in=locked).order_by("pk")
    return Beside(
        title=_("Forward"),
        subject=f"Fwd: {message.subject or message.conversation.subject}"[:500],
        passes_on=message,
        config=_config(message, "forward", by=by, people={"to": [], "cc": [], "bcc": []})
        | {"files": [described(file) for file in files]},
    )


def answering(message: Message, side: SideThread, *, by: User) -> Beside:
    """Return the form that goes on in a side thread after one of its mails."""
    return Beside(
        title=_("Answer in the side thread"),
        subject="",
        passes_on=None,
        config=_config(message, "beside", by=by, people=_usual(message, side)),
    )


def own_files(message: Message) -> list[Attachment]:
    """Return the files that its writer attached: those of the mail that it passes on are not theirs."""
    files = message.attachments.order_by("pk")
    return list(files.filter(uploaded_by__isnull=False) if message.joined_by == PASSES_ON else files)


def taken_back(message: Message, draft: Mapping[str, object]) -> dict[str, object] | None:
    """Return the form to which the text of a mail in a side thread goes back; None for a reply to the customer."""
    if message.side_thread_id is None:
        return None
    original = int(message.joined_detail) if message.joined_by == PASSES_ON else None
    said = Message.objects.filter(side_thread=message.side_thread_id).exclude(delivery=CANCELLED)
    about = original or said.order_by("-pk").values_list("pk", flat=True).first()
    if about is None:
        return None
    mode = "forward" if original else "beside"
    files = list(draft["files"]) if isinstance(draft["files"], list) else []
    if original:
        along = message.attachments.filter(uploaded_by=None, inline=False).values_list("digest", flat=True)
        same = Attachment.objects.filter(message=original, inline=False, digest__in=list(along)).order_by("pk")
        files = [*(described(file) for file in same), *files]
    return {
        "place": place_of(mode, about),
        "url": reverse(_SENT_TO[mode], args=[about]),
        "after": about,
        "content": {**draft, "subject": message.subject, "files": files},
    }


def place_of(mode: str, about: int) -> str:
    """Return where this browser keeps what is written there."""
    return f"{mode}:{about}"


def _usual(message: Message, side: SideThread) -> dict[str, People]:
    """Name whom it goes to: whoever wrote this mail, and all who were on it; the customer never."""
    not_for = customers_of(message.conversation_id) | our_addresses()
    if message.kind == IN:
        to = [{"name": message.from_name, "email": message.reply_to or message.from_email}]
        cc = [*message.to, *message.cc]
    else:
        to, cc = [*message.to], [*message.cc]
    people: dict[str, People] = {"to": [], "cc": [], "bcc": []}
    for field, wanted in (("to", to or side.people), ("cc", cc)):
        for person in wanted:
            email = normalize(person.get("email", ""))
            # Our own signed address of this side thread is ourselves as well.
            if email and not_for.isdisjoint((email, without_plus(email))):
                not_for.add(email)
                people[field].append({"name": person.get("name", ""), "email": person["email"]})
    return people


def _config(message: Message, mode: str, *, by: User, people: dict[str, People]) -> dict[str, object]:
    conversation = message.conversation
    held = held_beside(by, conversation=conversation, mode=mode, about=message.pk)
    return {
        "kind": mode,
        "person": by.pk,
        "conversation": conversation.pk,
        "place": place_of(mode, message.pk),
        "about": message.pk,
        "draft": draft_described(held, reader=by) if held else None,
        "defaults": people,
        "files": [],
        "largest": settings.POSTROOM_MAX_UPLOAD_BYTES,
        "urls": {
            "form": reverse(_SENT_TO[mode], args=[message.pk]),
            "send": reverse(_SENT_TO[mode], args=[message.pk]),
            "uploads": reverse("uploads", args=[conversation.pk]),
            "draft": reverse("draft", args=[conversation.pk]),
            "drafts": reverse("drafts", args=[conversation.pk]),
        },
    }
