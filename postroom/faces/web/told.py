"""How a notification looks in the list, and what its kind is called where people choose."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.followers.notifications import models as kinds
from postroom.followers.notifications.words import sentence

__all__ = ["ICONS", "KIND_WORDS", "WAY_WORDS", "sentence"]

ICONS = {
    kinds.GIVEN: "hand",
    kinds.ANSWERED: "reply",
    kinds.MENTIONED: "at-sign",
    kinds.COMMENTED: "message-square",
    kinds.TAKEN_OVER: "pencil",
    kinds.FOLLOWED: "eye",
    kinds.WOKEN: "alarm-clock",
    kinds.STARTED: "inbox",
    kinds.NOT_SENT: "circle-alert",
    kinds.NAMED: "eye-off",
    kinds.GLASS: "eye",
    kinds.ALARM: "triangle-alert",
    kinds.SIGNED_IN: "key-round",
}

KIND_WORDS: dict[str, str | Promise] = {
    kinds.GIVEN: _("I am given a conversation, or my team is"),
    kinds.ANSWERED: _("A customer answers in a conversation of mine"),
    kinds.MENTIONED: _("A colleague mentions me in a note"),
    kinds.COMMENTED: _("A colleague comments on a draft of mine"),
    kinds.TAKEN_OVER: _("A colleague takes a draft of mine over"),
    kinds.FOLLOWED: _("Something happens in a conversation that I follow"),
    kinds.WOKEN: _("A conversation that I snoozed is back"),
    kinds.STARTED: _("A new conversation comes, and nobody has it"),
    kinds.NOT_SENT: _("A reply of mine does not leave"),
    kinds.NAMED: _("I am named in a sensitive conversation"),
    kinds.GLASS: _("Somebody breaks the glass of a conversation in which I am named"),
    kinds.ALARM: _("Something is wrong with the mail of a mailbox that I keep"),
    kinds.SIGNED_IN: _("Somebody signs in as me on a new browser or network"),
}

WAY_WORDS: dict[str, str | Promise] = {"app": _("In Postroom"), "push": _("Push"), "mail": _("Mail")}
