"""Every verb on conversations refuses who may only read there; a verb without a row here fails."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from postroom.channels.mail.actions import compare, file_by_hand, retry
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import IncomingMail
from postroom.core.accounts.models import NONE, OBSERVER, SEEING, Mailbox, User
from postroom.core.conversations.actions.begin import FirstMail
from postroom.core.conversations.actions.drafts import Words
from postroom.core.conversations.actions.forward import Parcel
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.models import Attachment, Conversation, Draft, Message, SideThread
from tests.faces.web.inbox.conftest import write
from tests.house.tree import python_files
from tests.people import put_on

# What is given beside the conversation or message, and `by`.
_ANSWERING: dict[str, dict[str, object]] = {
    "assign.assign": {"to": "me"},
    "assign.unassign": {},
    "change_contact.change_contact": {"email": "tom@customers.example"},
    "begin.begin": {"mail": FirstMail("", "<div>Hello</div>", ["eve@customers.example"])},
    "close.close": {},
    "drafts.save_first_mail": {"words": "words"},
    "close.reopen": {},
    "decline.decline": {},
    "decline.restore": {},
    "forward.forward": {"parcel": Parcel("<div>Yours?</div>", to=["sam@supplier.example"])},
    "forward.write_beside": {"parcel": Parcel("<div>Yours?</div>", to=["sam@supplier.example"])},
    "hand_over.hand_over": {"to": "me"},
    "join.join": {"into": "conversation"},
    "join.move_back": {},
    "link.link": {"to": "conversation"},
    "link.unlink": {"to": "conversation"},
    "merge.merge": {"into": "conversation"},
    "merge.unmerge": {},
    "move_to_mailbox.move_to_mailbox": {"mailbox": "mailbox"},
    "pend.mark_pending": {},
    "prioritize.set_priority": {"priority": 1},
    "reply.reply": {"html": "<div>Yes.</div>"},
    "sensitive.mark_ordinary": {},
    "sensitive.mark_sensitive": {"people": ()},
    "sensitive.name_people": {"people": ()},
    "schedule.cancel_when_answered": {"wanted": True},
    "schedule.reschedule": {"at": None},
    "schedule.send_now": {},
    "send_again.send_again_to": {"emails": ["ann@customers.example"]},
    "snooze.snooze": {"until": None},
    "snooze.unsnooze": {},
    "spam.mark_spam": {},
    "split.split": {"messages": ()},
    "split.unsplit": {},
    "spam.not_spam": {},
    "tag.tag": {"name": "late"},
    "tag.untag": {"name": "late"},
    "take_out.take_out": {},
    "trash.restore": {},
    "trash.trash": {},
    "trust_images.distrust_images": {},
    "trust_images.trust_images": {},
    "share_draft.take_over": {},
    "unsend.retry": {},
    "unsend.unsend": {},
}
# Who may read may do these, as long as their role writes notes.
_NOTING: dict[str, dict[str, object]] = {
    "edit_note.edit_note": {"html": "<div>Ask them.</div>"},
    "edit_note.restore_note": {},
    "edit_note.retract_note": {},
    "note.add_note": {"html": "<div>Ask the workshop.</div>"},
    "drafts.save_draft": {"words": "words"},
    "reuse.reuse": {"inline": False},
    "share_draft.comment": {"text": "Shorter."},
    "share_draft.share": {},
    "upload.attach": {"name": "a.txt", "content_type": "text/plain", "data": b"a"},
}
# Each for its reason.
_OTHERS = {
    "deactivate.deactivate": "is about a person: who outranks whom decides (tests/faces/web/pages/test_leaving.py)",
    "deactivate.reactivate": "as deactivate",
    "disband.disband": "is about a team: the permission TEAMS decides",
    "drafts.discard_draft": "throws away only one's own",
    "empty_trash.empty_trash": "is about a mailbox: who keeps it decides",
    "empty_trash.in_trash": "reads, for verbs that asked",
    "empty_trash.set_rule": "as empty_trash",
    "follow.follow": "is private to the reader",
    "follow.unfollow": "is private to the reader",
    "glass.break_glass": "asks for a permission of its own, and tells the named people",
    "hold_back.hold_back": "is a part of verbs that asked",
    "hold_back.overtake": "as hold_back",
    "hold_back.overtake_merged": "as hold_back",
    "hold_back.put_back": "as hold_back",
    "keep_view.change_view": "is about a view: whose it is decides (tests/core/conversations/test_views.py)",
    "keep_view.delete_view": "as change_view",
    "keep_view.hide_view": "is private to the reader",
    "keep_view.show_view": "is private to the reader",
    "keep_view.keep_view": "is about one’s own sidebar; sharing asks for a role",
    "keep_view.place_view": "is private to the reader",
    "mailbox_naming.name_in_new_ones": "is about a mailbox: who keeps it decides",
    "presence.be_here": "says that who sees it looks at it",
    "presence.leave": "as be_here",
    "read.mark_read": "is private to the reader",
    "read.mark_unread": "is private to the reader",
    "sensitive.make_sensitive": "is a part of verbs that asked",
    "sensitive.put_names": "as make_sensitive",
    "sent_draft.refuse_ended": "reads, for verbs that ask",
    "sent_draft.refuse_sent": "is a part of verbs that asked",
    "sent_draft.sent_draft": "is a part of verbs that asked",
    "sent_before.sent_before": "reads, and finds only what this very person wrote",
    "share_draft.keep_private": "is about one's own",
    "stale.changed_since": "reads, for verbs that asked",
    "stale.refuse_stale": "is a part of verbs that asked",
    "upload.detach": "forgets only what this very person uploaded",
    "writing.bring_in": "is a part of a verb that asked",
    "writing.written": "writes nothing down",
}


def _verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    for path in python_files("postroom/core/conversations/actions"):
        module = import_module(f"postroom.core.conversations.actions.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            public = not name.startswith("_") and function.__module__ == module.__name__
            by = inspect.signature(function).parameters.get("by")
            if public and by is not None and by.kind is by.KEYWORD_ONLY:
                yield f"{path.stem}.{name}", function


def _call(verb: Callable[..., Any], more: dict[str, object], *, conversation: Conversation, by: User) -> None:
    words = {
        "me": by,
        "mailbox": conversation.mailbox,
        "conversation": write(conversation.mailbox, rfc_id="<other@customers.example>"),
        "words": Words("reply", "<p>Yes.</p>"),
    }
    given = {name: words.get(value, value) if isinstance(value, str) else value for name, value in more.items()}
    first = next(iter(inspect.signature(verb).parameters))
    message = Message.objects.filter(conversation=conversation).select_related("conversation").get()
    file = Attachment(name="a.txt", conversation=conversation)
    draft, side = Draft(conversation=conversation, mailbox=conversation.mailbox), SideThread(conversation=conversation)
    whom: object = {
        "message": message,
        "file": file,
        "side": side,
        "draft": draft,
        "mailbox": conversation.mailbox,
    }.get(first, conversation)
    if "conversation" in inspect.signature(verb).parameters and first == "file":
        given["conversation"] = conversation
    verb(whom, **given, by=by)


def test_every_verb_has_a_row() -> None:
    assert {name for name, _verb in _verbs()} == {*_ANSWERING, *_NOTING, *_OTHERS}


@pytest.mark.django_db
def test_who_only_sees_a_mailbox_changes_nothing_in_it(alice: User, bob: User, charlie: User, mailbox: Mailbox) -> None:
    conversation = write(mailbox)
    put_on(mailbox, charlie, level=SEEING)
    User.objects.filter(pk=bob.pk).update(role=OBSERVER)
    before = Conversation.objects.values().get(pk=conversation.pk)
    verbs = dict(_verbs())
    for person in (bob, charlie):
        for name, more in _ANSWERING.items():
            with pytest.raises(NotAllowed, match="Nothing was changed"):
                _call(verbs[name], more, conversation=conversation, by=person)
    assert Conversation.objects.values().get(pk=conversation.pk) == before
    put_on(mailbox, charlie, level=NONE)
    for name, more in _NOTING.items():
        with pytest.raises(NotAllowed):
            _call(verbs[name], more, conversation=conversation, by=charlie)


@pytest.mark.django_db
def test_the_ledgers_verbs_ask_as_well(charlie: User, mailbox: Mailbox) -> None:
    put_on(mailbox, charlie, level=SEEING)
    accept(b"From: ann@customers.example\n\nHello", mailbox=mailbox, transport="lmtp")
    mail = IncomingMail.objects.select_related("mailbox").get()
    for verb in (retry.retry, file_by_hand.file_by_hand, file_by_hand.take_back):
        with pytest.raises(NotAllowed):
            verb(mail, by=charlie)
    with pytest.raises(NotAllowed):
        compare.compare(mailbox, fetch=True, by=charlie)
