"""Whose token it is, and what it may do."""

from postroom.core.accounts.queries import mailboxes_of
from postroom.core.accounts.rights import Rights, rights_everywhere
from postroom.faces.api.v1 import shapes
from postroom.faces.api.v1.asking import Answer, Asking


def me(asking: Asking) -> Answer:
    """Return the person, the token and their mailboxes."""
    user, token = asking.user, asking.token
    rights = rights_everywhere(user)
    may = token.answers
    mailboxes = [
        shapes.MailboxOfMine(
            id=one.pk,
            name=one.name,
            address=one.address,
            answers=may and rights.get(one.pk, Rights()).answers,
            notes=may and rights.get(one.pk, Rights()).notes,
        )
        for one in mailboxes_of(user)
    ]
    scopes: list[shapes.Scope] = ["read", "answer"] if may else ["read"]
    return Answer(
        shapes.Me(
            person=shapes.Person(name=user.name, email=user.email),
            token=shapes.Token(name=token.name, scopes=scopes, expires_at=token.expires_at),
            mailboxes=mailboxes,
        )
    )
