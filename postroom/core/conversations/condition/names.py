"""The names in a condition: which tags, people, teams, mailboxes and contacts somebody means by them."""

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.conversations.condition.language import Test
from postroom.core.conversations.condition.operators import OPERATORS
from postroom.core.conversations.models import Contact, Tag

# A name that means more people than this is none.
_MOST = 50


def meant(test: Test, *, by: User) -> tuple[int, ...]:
    """Return the ids that the name in a test stands for; none when there is no such one (or it is a special value)."""
    find = _FINDERS.get(test.operator)
    if find is None or OPERATORS[test.operator].takes(test.value):
        return ()
    return find(test.value, by)


def fault_of(test: Test, *, by: User) -> str:
    """Return the sentence that says that nobody and nothing has the name in a test; "" when all is well."""
    if test.operator not in _FINDERS or test.operator == "contact" or OPERATORS[test.operator].takes(test.value):
        return ""
    return "" if meant(test, by=by) else _no_such(test)


def _no_such(test: Test) -> str:
    sentences = {
        "tag": _("There is no tag “%(name)s”."),
        "assignee": _("Nobody here is called “%(name)s”. Write a name, an address, “me” or “none”."),
        "team": _("There is no team “%(name)s”. Write a team’s name, “mine” or “none”."),
        "mailbox": _("None of your mailboxes is called “%(name)s”. Write its name or its address."),
    }
    return sentences[test.operator] % {"name": test.value}


def _tags(name: str, _by: User) -> tuple[int, ...]:
    # Tags are in lower case (actions/tag.py).
    return _ids(Tag.objects.filter(name=name.lower()))


def _people(name: str, _by: User) -> tuple[int, ...]:
    return _best(User.objects.all(), name, whole=("email__iexact", "name__iexact"), begins=("name__istartswith",))


def _teams(name: str, _by: User) -> tuple[int, ...]:
    return _best(Team.objects.all(), name, whole=("name__iexact",), begins=("name__istartswith",))


def _mailboxes(name: str, by: User) -> tuple[int, ...]:
    own: QuerySet[Mailbox] = mailboxes_of(by)
    return _best(
        own, name, whole=("name__iexact", "address__iexact"), begins=("name__istartswith", "address__istartswith")
    )


def _contacts(name: str, _by: User) -> tuple[int, ...]:
    """Return the contact of a whole address; other names are looked for in what was said."""
    return _ids(Contact.objects.filter(email=name.lower())) if "@" in name.strip("@") else ()


def _best(rows: "QuerySet[Model]", name: str, *, whole: tuple[str, ...], begins: tuple[str, ...]) -> tuple[int, ...]:
    """Return those called just so, else those whose name begins so."""
    for lookups in (whole, begins):
        same = Q()
        for lookup in lookups:
            same |= Q(**{lookup: name})
        if found := _ids(rows.filter(same)):
            return found
    return ()


def _ids(rows: "QuerySet[Model]") -> tuple[int, ...]:
    return tuple(sorted(set(rows.order_by().values_list("pk", flat=True)[:_MOST])))


_FINDERS = {"tag": _tags, "assignee": _people, "team": _teams, "mailbox": _mailboxes, "contact": _contacts}
