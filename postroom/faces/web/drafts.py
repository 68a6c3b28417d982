"""A draft as the composer reads and writes it."""

import json
from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.drafts import People, Words
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.drafts import WRITTEN_BESIDE
from postroom.core.conversations.models import Attachment, Draft, DraftComment
from postroom.faces.web import files, words
from postroom.faces.web.fragments import small_number
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_form import read
from postroom.lib.html import sanitize, to_text
from postroom.lib.text import snippet

_RECIPIENTS = ("to", "cc", "bcc")
_MOST_PEOPLE = 100


def read_words(request: HttpRequest, *, modes: Sequence[str]) -> Words:
    """Read what the composer holds; BadForm when that cannot be. People are as typed, half an address too.

    `modes` are those that can be written at this address, the usual one first.
    """
    form, writing = request.POST, read(request)
    mode = form.get("mode", "")
    return Words(
        mode=mode if mode in modes else modes[0],
        html=writing.html,
        people=_people(form.get("people", "")),
        files=tuple(writing.upload_ids[:_MOST_PEOPLE]),
        seen=writing.seen,
        state=writing.state,
        token=writing.token,
        subject=form.get("subject", ""),
        about=small_number(form.get("about")) if mode in WRITTEN_BESIDE else 0,
    )


def described(draft: Draft, *, reader: User) -> dict[str, object]:
    """Return the draft as the composer takes it (JSON)."""
    own = Q(message=None, uploaded_by=draft.author_id)
    if draft.mode == "forward":
        # Those of the mail that is passed on, as far as they are to go along.
        own |= Q(message=draft.about)
    there = Attachment.objects.filter(own, conversation=draft.conversation_id, pk__in=draft.files)
    chips = [files.chip(file) for file in there.order_by("pk")]
    return {
        "draft": draft.pk,
        "version": draft.version,
        "shared": draft.shared,
        "mine": draft.author_id == reader.pk,
        "holder": draft.author.name,
        "mode": draft.mode,
        "mailbox": draft.mailbox_id,
        "subject": draft.subject,
        "html": draft.untrusted_html,
        **{field: draft.people[field] for field in _RECIPIENTS if field in draft.people},
        "dropped": [one["email"] for one in draft.people.get("dropped", ())],
        "files": [
            {"id": c.id, "name": c.name, "size": c.size, "url": c.url, "icon": c.icon, "thumbnail": c.thumbnail}
            for c in chips
        ],
        "seen": draft.seen_message_id,
        "state": draft.seen_state.get("state", ""),
    }


def moved_on(moved: DraftMoved, *, reader: User) -> JsonResponse:
    """Answer 409 with the draft as it is now, and what each of the two ways on is called."""
    now = moved.now
    if now is None:
        keep, other = _("Keep what is here"), _("Discard it")
    elif now.author_id != reader.pk:
        keep, other = _("Keep mine for myself"), _("Leave it to %(name)s") % {"name": now.author.name}
    else:
        keep, other = _("Keep this one"), _("Use the other one")
    readable = now is not None and (now.shared or now.author_id == reader.pk)
    return refused(
        str(moved),
        status=409,
        kind="draft-moved",
        now=described(now, reader=reader) if now is not None and readable else None,
        when=words.ago(now.changed_at) if now is not None else "",
        said=snippet(text_of(now), length=160) if now is not None and readable else "",
        keep=keep,
        other=other,
    )


def commented(said: Sequence[DraftComment]) -> JsonResponse:
    """Answer 409 with what colleagues said of the draft that is to be discarded, and the two ways on."""
    sentence = _("Colleagues commented on this draft. What they said goes with it, and Undo does not bring that back.")
    newer = [
        {
            "who": one.author.name if one.author else _("Somebody who has left"),
            "when": words.ago(one.at),
            "said": snippet(one.text, length=160),
        }
        for one in said
    ]
    keep, other = _("Discard it"), _("Back to the draft")
    return refused(sentence, status=409, kind="draft-commented", newer=newer, keep=keep, other=other)


def text_of(draft: Draft) -> str:
    """Return the draft's words without any of its HTML."""
    return to_text(sanitize(draft.untrusted_html))


def _people(text: str) -> People:
    """Read lists of {"name", "email"}, and of addresses for those taken out; what is anything else is left out."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        field: [_person(one) for one in found[field][:_MOST_PEOPLE]]
        for field in (*_RECIPIENTS, "dropped")
        if isinstance(found.get(field), list)
    }


def _person(one: object) -> dict[str, str]:
    given = one if isinstance(one, dict) else {"email": one}
    return {name: str(given.get(name) or "")[:320].replace("\0", "") for name in ("name", "email")}
