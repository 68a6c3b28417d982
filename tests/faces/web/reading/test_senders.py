"""What is said above a mail whose sender may not be who they say."""

import pytest

from postroom.channels.mail.sender_proof import spoken_against
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.models import Message
from tests.faces.web.composer.conftest import Room


def _page(room: Room, message: Message) -> str:
    return room.alice.get(f"/messages/{message.pk}").content.decode()


def _from(room: Room, name: str, email: str) -> str:
    return _page(room, room.receive(sender=Person(name=name, email=email)))


def test_nothing_is_said_of_an_ordinary_sender(room: Room) -> None:
    assert 'class="protection' not in _page(room, room.mail)
    assert 'class="protection' not in _from(room, "Ben Jansen", "ben@else.example")


def test_a_domain_that_looks_like_ours_or_the_customers_is_named(room: Room) -> None:
    own = room.mailbox.address.partition("@")[2]
    assert "looks like yours" in _from(room, "Support", f"support@{own}.evil.test")
    customer = room.conversation.contact.email.partition("@")[2]
    assert "looks like the customer" in _from(room, "Ann", f"ann@{customer.replace('o', '0')}")
    # Also when it is the first mail of a conversation, and its sender therefore the customer.
    first = room.receive(anew=True, sender=Person(name="Support", email=f"support@{own}.evil.test"))
    assert "looks like yours" in _page(room, first)
    assert "several alphabets" in _from(room, "Pay", "service@p\u0430ypal.com")


def test_a_name_that_is_another_address_or_a_colleagues_is_named(room: Room) -> None:
    assert "calls themselves boss@velo.example" in _from(room, "boss@velo.example", "x@evil.test")
    alice = User.objects.get(name__startswith="Alice")
    User.objects.filter(pk=alice.pk).update(name="Alice Martin")
    assert "the name of your colleague Alice Martin" in _from(room, "alice martin", "x@evil.test")
    assert 'class="protection' not in _from(room, "Alice Martin", alice.email)


@pytest.mark.parametrize(
    ("found", "sentence", "tone"),
    [
        ({"dmarc": "fail", "policy": "reject", "by": "mx"}, "probably not from", "danger"),
        ({"dmarc": "fail", "policy": "none", "by": "mx"}, "Nothing proves that", "warning"),
        ({"spf": "softfail", "dkim": "none", "by": "mx"}, "Nothing proves that", "warning"),
    ],
)
def test_a_failed_check_of_our_own_server_is_flagged(
    room: Room, found: dict[str, str], sentence: str, tone: str
) -> None:
    room.mail.protection = {"sender": found}
    room.mail.save()
    page = _page(room, room.mail)
    assert sentence in page
    assert f"protection-{tone}" in page
    assert page.count('class="protection ') == 1


def test_only_what_the_last_server_found_counts_and_only_against_the_sender() -> None:
    name = "Authentication-Results"
    google = "mx.google.com; dkim=pass header.i=@x; spf=pass (google.com: a) smtp.mailfrom=a@x; dmarc=fail (p=REJECT) x"
    assert spoken_against([(name, google)])["policy"] == "reject"
    # Each check in a header of its own, and one that the sender wrote below them.
    several = [
        (name, "mx.velo.example; spf=softfail"),
        (name, "mx.velo.example; dkim=none"),
        (name, "evil; dmarc=pass"),
    ]
    assert spoken_against(several) == {"spf": "softfail", "dkim": "none", "by": "mx.velo.example"}
    assert spoken_against([(name, "mx; spf=fail; dkim=pass")]) == {}
    assert spoken_against([(name, "mx; dkim=fail; dkim=pass; dmarc=pass; spf=fail")]) == {}
    for odd in ("", ";;;", "(((((" * 1000, "mx", "mx; dmarc", "\x00; spf=fail"):
        spoken_against([(name, odd)])
