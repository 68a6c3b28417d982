"""A reply goes to the right people by default, and to nobody who was taken out."""

import pytest

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.addressing import everybody, usual
from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.actions.refusals import NoRecipient
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.answered import answered_by
from postroom.core.conversations.models import ChosenContact, Contact, Conversation, Participant
from postroom.lib import clock
from postroom.lib.addresses import is_nobody
from tests.core.conftest import Desk

HELLO = "<p>It left yesterday.</p>"
BEN, CARL = Person("Ben", "ben@customers.example"), Person("Carl", "carl@customers.example")
US = Person("", "support@velo.example")


def _emails(conversation: Conversation) -> tuple[list[str], list[str]]:
    found = everybody(Conversation.objects.get(pk=conversation.pk))
    return [one["email"] for one in found.to], [one["email"] for one in found.cc]


def test_a_reply_to_all_leaves_out_ourselves_in_every_spelling_and_those_whom_nobody_reads(desk: Desk) -> None:
    Mailbox.objects.create(name="Shop", address="shop@velo.example")
    more = (Person("", "Shop@Velo.example"), Person("", "support+c9.00@velo.example"), Person("", "no-reply@x.example"))
    conversation = desk.mail(to=(US, BEN), cc=(CARL, *more, Person("", "broken"), BEN)).conversation
    assert _emails(conversation) == (["ann@customers.example"], ["ben@customers.example", "carl@customers.example"])


@pytest.mark.parametrize(
    ("reply_to", "sender", "to"),
    [
        ("ann@home.example", "ann@customers.example", ["ann@home.example"]),
        # A form that answers to ourselves, to nobody, or to another mailbox of ours.
        ("support@velo.example", "ann@customers.example", ["ann@customers.example"]),
        ("SUPPORT+c1.ab@velo.example", "ann@customers.example", ["ann@customers.example"]),
        ("noreply@customers.example", "ann@customers.example", ["ann@customers.example"]),
        ("", "no-reply@shop.example", []),
        ("ann@home.example", "no-reply@shop.example", ["ann@home.example"]),
        # Our other mailbox wrote itself.
        ("", "shop@velo.example", ["shop@velo.example"]),
    ],
)
def test_a_reply_goes_where_a_person_reads_it(desk: Desk, reply_to: str, sender: str, to: list[str]) -> None:
    Mailbox.objects.create(name="Shop", address="shop@velo.example")
    conversation = desk.mail(sender=Person("X", sender), reply_to=Person("", reply_to)).conversation
    assert [one["email"] for one in usual(Conversation.objects.get(pk=conversation.pk))] == to


def test_a_reply_to_nobody_is_refused_and_not_sent_into_the_void(desk: Desk) -> None:
    conversation = desk.mail(sender=Person("Shop", "no-reply@shop.example")).conversation
    with pytest.raises(NoRecipient):
        reply(conversation, by=desk.alice, html=HELLO)


def test_who_was_taken_out_stays_out_until_somebody_adds_them_or_they_write(desk: Desk) -> None:
    conversation = desk.mail(cc=(BEN, CARL)).conversation
    reply(conversation, by=desk.alice, html=HELLO, to=["ann@customers.example"], cc=[CARL.email], dropped=[BEN.email])
    # Ann's program names everybody again.
    desk.mail("And now?", conversation=conversation, cc=(BEN, CARL))
    assert _emails(conversation) == (["ann@customers.example"], ["carl@customers.example"])
    desk.mail("I am still here", conversation=conversation, sender=BEN, cc=(CARL,))
    assert _emails(conversation) == (["ben@customers.example"], ["carl@customers.example"])
    desk.mail("Me too", conversation=conversation, cc=(BEN, CARL))
    reply(conversation, by=desk.bob, html=HELLO, to=["ann@customers.example"], cc=["BEN@customers.example"])
    assert _emails(conversation)[1] == ["ben@customers.example", "carl@customers.example"]
    assert not Participant.objects.filter(conversation=conversation, dropped_at__isnull=False).exists()


def test_taken_out_stays_so_when_conversations_are_joined_and_is_as_before_when_they_part(desk: Desk) -> None:
    source = desk.mail(cc=(BEN, CARL)).conversation
    target = desk.mail(cc=(BEN, CARL)).conversation
    reply(source, by=desk.alice, html=HELLO, to=["ann@customers.example"], dropped=[BEN.email, CARL.email])
    # Of Carl somebody thought again later, in the other one.
    reply(target, by=desk.bob, html=HELLO, to=["ann@customers.example"], cc=[CARL.email])
    marks = Participant.objects.filter(dropped_at__isnull=False).order_by("conversation", "email")
    before = list(marks.values_list("conversation", "email", "dropped_at"))
    merge(source, into=target, by=desk.alice)
    desk.mail("And now?", conversation=target, cc=(BEN, CARL))
    assert _emails(target) == (["ann@customers.example"], ["carl@customers.example"])
    unmerge(Conversation.objects.get(pk=source.pk), by=desk.alice)
    assert list(marks.values_list("conversation", "email", "dropped_at")) == before
    assert "ben@customers.example" in _emails(target)[1]
    # What is decided while they are one stays with the one that it was decided in.
    merge(Conversation.objects.get(pk=source.pk), into=target, by=desk.alice)
    again = ["ann@customers.example", BEN.email]
    reply(Conversation.objects.get(pk=target.pk), by=desk.bob, html=HELLO, to=again, dropped=[CARL.email])
    unmerge(Conversation.objects.get(pk=source.pk), by=desk.alice)
    left = {one.email for one in marks.filter(conversation=target)}
    assert left == {"carl@customers.example"}
    assert {one.email for one in marks.filter(conversation=source)} == {BEN.email, CARL.email}


def test_one_cannot_be_written_to_and_taken_out_at_once(desk: Desk) -> None:
    conversation = desk.mail(cc=(BEN,)).conversation
    reply(conversation, by=desk.alice, html=HELLO, to=["ann@customers.example"], cc=[BEN.email], dropped=[BEN.email])
    assert _emails(conversation)[1] == ["ben@customers.example"]


def test_whoever_comes_in_a_customers_place_is_sent_nothing_of_theirs(desk: Desk) -> None:
    conversation = desk.mail("My salary", rfc_id="<secret@customers.example>").conversation
    eve, _made = Contact.objects.get_or_create(email="eve@customers.example", name="Eve")
    Conversation.objects.filter(pk=conversation.pk).update(contact=eve)
    ChosenContact.objects.create(conversation=conversation, contact=eve, at=clock.now())
    Participant.objects.filter(email="ann@customers.example").update(dropped_at=clock.now())
    conversation = Conversation.objects.get(pk=conversation.pk)
    assert answered_by(conversation) is None
    message = reply(conversation, by=desk.alice, html=HELLO)
    assert [one["email"] for one in message.to] == ["eve@customers.example"]
    assert (message.in_reply_to, message.references) == ("", "")
    # What Ann writes from now on is said in the knowledge of who is there.
    desk.mail("Who is Eve?", conversation=conversation, rfc_id="<2@customers.example>")
    again = answered_by(conversation)
    assert again is not None
    assert again.rfc_id == "<2@customers.example>"


def test_where_we_wrote_first_all_whom_we_wrote_to_are_answered(desk: Desk) -> None:
    conversation = desk.conversation()
    conversation.messages.all().delete()
    reply(conversation, by=desk.alice, html=HELLO, to=["ann@customers.example"], cc=[BEN.email])
    assert _emails(conversation) == (["ann@customers.example"], ["ben@customers.example"])


def test_addresses_that_nobody_reads_are_known_and_peoples_are_not() -> None:
    nobody = "no-reply noreply NoReply+42 do-not-reply donotreply.shop no_reply-billing ne-pas-repondre bounces"
    nobody += " MAILER-DAEMON nichtantworten no-responder noresponse"
    people = "ann norep dona.replyson reply replies bouncer noreen postmaster info dont.panic nora.eply"
    assert [one for one in nobody.split() if not is_nobody(f"{one}@x.example")] == []
    assert [one for one in people.split() if is_nobody(f"{one}@x.example")] == []
