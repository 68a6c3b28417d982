"""Found the demo's team: four people, three mailboxes whose mail goes to the tray, two groups."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from postroom.channels.mail.models import TRAY, USUAL, Route
from postroom.core.accounts.actions.join import let_in
from postroom.core.accounts.actions.mailboxes import add_mailbox, change_mailbox
from postroom.core.accounts.actions.people import add_person
from postroom.core.accounts.actions.teams import add_team
from postroom.core.accounts.models import Installation, Mailbox, User
from postroom.core.accounts.models import Team as Group
from postroom.core.audit.write import write
from postroom.demo.company import ADDRESSES, COLLEAGUES, GROUPS, NAME, SIGNATURE
from postroom.lib import clock


@dataclass(frozen=True)
class Team:
    """The rows behind the names that the threads use."""

    people: dict[str, User]
    mailboxes: dict[str, Mailbox]
    groups: dict[str, Group]


def found_demo_team(*, began: datetime) -> Team:
    """Add everybody as of `began`, and mark this installation as a demo. Call it inside a transaction.

    Nobody is told the passwords: in the demo one signs in by choosing a name.
    """
    with clock.at(began):
        people = _people()
        owner = next(iter(people.values()))
        mailboxes = {}
        for address in ADDRESSES:
            mailbox = add_mailbox(name=address.name, address=address.email, from_name=NAME, by=owner)
            change_mailbox(mailbox, name=address.name, from_name=NAME, signature=SIGNATURE, by=owner)
            Route.objects.update_or_create(mailbox=mailbox, rank=USUAL, defaults={"kind": TRAY})
            mailboxes[address.key] = mailbox
        for colleague in COLLEAGUES:
            for key in colleague.mailboxes:
                let_in(mailboxes[key], user=people[colleague.key], by=owner)
        groups = {
            group.key: add_team(name=group.name, members=[people[key] for key in group.members], by=owner)
            for group in GROUPS
        }
        write("demo.made", by=owner, subject=f"person:{owner.pk}", subject_name=owner.name)
    # The set-up link ends here, as it does when a real team is founded.
    Installation.objects.update_or_create(pk=1, defaults={"demo": True, "setup_digest": ""})
    return Team(people, mailboxes, groups)


def _people() -> dict[str, User]:
    people: dict[str, User] = {}
    for colleague in COLLEAGUES:
        people[colleague.key] = add_person(
            name=colleague.name,
            email=colleague.email,
            password=secrets.token_urlsafe(24),
            by=next(iter(people.values()), None),
            role=colleague.role,
            language=colleague.language,
        )
    return people
