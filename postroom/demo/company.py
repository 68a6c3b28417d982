"""The demo's company: Cycles Senne, four people who build and mend bicycles in Brussels."""

from dataclasses import dataclass

from postroom.core.accounts.models import AGENT, OWNER, User

NAME = "Cycles Senne"
DOMAIN = "cycles-senne.example"

SIGNATURE = f"""{NAME}
Quai de la Senne 14, 1000 Brussels
02 555 01 40 · Tuesday to Saturday, 9 to 18"""


@dataclass(frozen=True)
class Colleague:
    """One of the four; `key` is how the threads call them."""

    key: str
    name: str
    language: str
    mailboxes: tuple[str, ...]
    role: str = AGENT

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]


@dataclass(frozen=True)
class Address:
    """One of the three mailboxes; `triager` looks first at what comes in there."""

    key: str
    name: str
    triager: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True)
class Group:
    """A team that work is given to."""

    key: str
    name: str
    members: tuple[str, ...]


# The first is the owner. Joris does not see orders@ and Tomasz does not see partners@, so that a newcomer who signs in
# as one after the other sees what access means.
COLLEAGUES = (
    Colleague("amina", "Amina Benali", "en", ("support", "orders", "partners"), role=OWNER),
    Colleague("joris", "Joris Vermeulen", "en", ("support", "partners")),
    Colleague("lucia", "Lucía Ferrer", "fr", ("support", "orders", "partners")),
    Colleague("tomasz", "Tomasz Nowak", "en", ("support", "orders")),
)

ADDRESSES = (
    Address("support", "Support", triager="tomasz"),
    Address("orders", "Orders", triager="lucia"),
    Address("partners", "Partners", triager="amina"),
)

GROUPS = (
    Group("workshop", "Workshop", ("joris", "tomasz")),
    Group("orders", "Orders & delivery", ("lucia", "tomasz")),
)


def demo_people() -> list[User]:
    """Return the four of the demo team, the owner first; empty where there is no demo."""
    order = {colleague.email: place for place, colleague in enumerate(COLLEAGUES)}
    return sorted(User.objects.filter(email__in=order, is_active=True), key=lambda person: order[person.email])


def colleague(key: str) -> Colleague:
    """Return the one of the four that the threads call so; KeyError when there is none."""
    return _BY_KEY[key]


_BY_KEY = {person.key: person for person in COLLEAGUES}
