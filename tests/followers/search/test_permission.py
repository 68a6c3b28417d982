"""What somebody may not see is no hit for them, in no snippet, no suggestion and no count."""

from datetime import timedelta

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.actions.sensitive import mark_ordinary, mark_sensitive
from postroom.core.conversations.condition.words import BY_RANK, Term, engine
from postroom.core.conversations.models import Conversation, NamedPerson
from postroom.followers.search.models import Word
from postroom.lib import clock
from tests.core.conftest import Desk
from tests.followers.search.searching import catch_up, found, hits
from tests.incoming import incoming
from tests.people import put_on


def test_words_of_another_mailbox_are_no_hit_and_no_suggestion(desk: Desk) -> None:
    other = Mailbox.objects.create(name="Board", address="board@velo.example")
    put_on(other, desk.charlie)
    receive(mailbox=other, mail=incoming(text="The takeover of Quicksilver", subject="Takeover"))
    own = desk.mail("The bell is broken").conversation_id
    catch_up()
    for order in ("date", BY_RANK):
        assert not hits("takeover", by=desk.alice, order=order).found
        assert not hits("quicksilver bell", by=desk.alice, order=order).found
        assert found("takeover", by=desk.charlie, order=order)
        assert not found("bell", by=desk.charlie, order=order)
    # One letter wrong: there is such a word, and nobody tells Alice.
    wrong = hits("quicksilvar", by=desk.alice)
    assert (wrong.found, wrong.spelled) == ((), None)
    assert hits("quicksilvar", by=desk.charlie).spelled == (Term("quicksilver"),)
    assert hits("brokan", by=desk.alice).spelled == (Term("broken"),)
    assert [hit.conversation_id for hit in hits("brokan", by=desk.alice).found] == [own]


def test_the_same_where_many_mailboxes_make_the_search_name_them(desk: Desk) -> None:
    other = Mailbox.objects.create(name="Board", address="board@velo.example")
    for number in range(5):
        receive(mailbox=other, mail=incoming(text=f"A saddle, secret {number}"))
    own = desk.mail("A saddle of ours").conversation_id
    catch_up()
    # Alice's mailbox is a small part of everything.
    Word.objects.filter(word=f"\ue000m{other.pk}").update(n=100_000)
    assert found("saddle", by=desk.alice) == [own]
    assert found("saddle", by=desk.alice, order=BY_RANK) == [own]
    assert not hits("secret", by=desk.alice).found


def test_a_sensitive_conversation_is_found_by_its_named_people_only(desk: Desk) -> None:
    conversation = desk.conversation()
    desk.mail("About the harassment", conversation=conversation)
    catch_up()
    assert found("harassment", by=desk.bob) == [conversation.pk]
    mark_sensitive(conversation, people=[desk.alice], by=desk.alice)
    # At once, and not when the index has caught up.
    assert not hits("harassment", by=desk.bob).found
    catch_up()
    for order in ("date", BY_RANK):
        assert not hits("harassment", by=desk.bob, order=order).found
        assert found("harassment", by=desk.alice, order=order) == [conversation.pk]
    assert hits("harasment", by=desk.bob).spelled is None
    mark_ordinary(Conversation.objects.get(pk=conversation.pk), by=desk.alice)
    catch_up()
    assert found("harassment", by=desk.bob) == [conversation.pk]


def test_whoever_breaks_the_glass_finds_it_and_a_gone_person_finds_nothing(desk: Desk) -> None:
    conversation = desk.conversation()
    desk.mail("About the harassment", conversation=conversation)
    mark_sensitive(conversation, people=[desk.bob], by=desk.bob)
    catch_up()
    assert not hits("harassment", by=desk.alice).found
    NamedPerson.objects.create(conversation=conversation, user=desk.alice, until=clock.now() + timedelta(hours=1))
    assert found("harassment", by=desk.alice) == [conversation.pk]
    desk.bob.is_active = False
    desk.bob.save()
    assert not hits("harassment", by=desk.bob).found


def test_a_condition_finds_the_same_whatever_the_number_of_hits(desk: Desk) -> None:
    one = desk.mail("A common bell and a rare saddle").conversation_id
    two = desk.mail("A common bell").conversation_id
    catch_up()
    behind = engine()
    assert behind is not None
    from postroom.followers.search import engine as own

    for few in (2000, 0):
        own._FEW = few
        visible = Conversation.objects.visible_to(desk.alice)
        assert set(visible.filter(behind.matching(Term("bell"))).values_list("pk", flat=True)) == {one, two}
        assert set(visible.filter(behind.matching(Term("sadd"))).values_list("pk", flat=True)) == {one}
        assert set(visible.filter(~behind.matching(Term("rare saddle", phrase=True))).values_list("pk", flat=True)) == {
            two
        }
        assert visible.filter(behind.matching(Term("nowhere"))).count() == 0
    own._FEW = 2000
