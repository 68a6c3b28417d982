"""Notes that name colleagues by `@Name`."""

import re
from collections.abc import Iterable

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import Conversation, Following, Mention, Message
from postroom.core.conversations.seers import who_see


def mentionable(conversation: Conversation) -> list[User]:
    """Return whom a note here may name, by name: those who see it."""
    members = Membership.objects.filter(mailbox=conversation.mailbox_id).values_list("user_id", flat=True)
    seen = who_see([conversation.pk], among=list(members)).get(conversation.pk, frozenset())
    return list(User.objects.filter(pk__in=seen, is_active=True).order_by("name", "pk"))


def mention(message: Message, *, people: Iterable[User] | None = None) -> list[User]:
    """Keep whom a note names, in the transaction that writes it; they hear of what comes after, too.

    Named is whoever may be and stands there as `@` and their name, or by their first name where nobody else has it.
    Whoever is named again is not told again.
    """
    if "@" not in message.text:
        return []
    found = named_in_text(message.text, people=mentionable(message.conversation) if people is None else people)
    named = [one for one in found if one.pk != message.author_id]
    Mention.objects.bulk_create([Mention(message=message, user=one) for one in named], ignore_conflicts=True)
    following = [Following(user=one, conversation_id=message.conversation_id) for one in named]
    Following.objects.bulk_create(following, ignore_conflicts=True)
    return named


def named_in_text(text: str, *, people: Iterable[User]) -> list[User]:
    """Return whom of these people the text names; of two names at one place the longer one counts."""
    people = list(people)
    firsts = [_first(one.name) for one in people]
    names = {one.name.casefold(): one for one in people if one.name}
    names |= {
        _first(one.name): one for one in people if firsts.count(_first(one.name)) == 1 and _first(one.name) not in names
    }
    if not names:
        return []
    longest_first = sorted(names, key=len, reverse=True)
    # Not in the middle of a mail address.
    pattern = re.compile(rf"(?<![\w@.+-])@({'|'.join(map(re.escape, longest_first))})(?![\w@])")
    found = {names[match[1]].pk: names[match[1]] for match in pattern.finditer(_plain(text))}
    return list(found.values())


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").casefold()


def _first(name: str) -> str:
    return (name.split() or [""])[0].casefold()
