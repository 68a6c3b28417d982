from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Q

from postroom.core.accounts.models import NONE, Grant, Mailbox, Membership, Team, User
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import AccessChanged, MemberJoined, MemberLeft
from postroom.core.events.record import record


def grant(
    mailbox: Mailbox, *, user: User | None = None, team: Team | None = None, level: int | None, by: Actor
) -> bool:
    """Decide what one person or one team may do in a mailbox; None takes the decision back. False when it was so.

    Who joins or leaves the mailbox by it is written to the log, each by name.
    """
    to = user or team
    assert to is not None
    with transaction.atomic():
        old = _decided(mailbox, user=user, team=team)
        if old == level:
            return False
        if level is None:
            Grant.objects.filter(mailbox=mailbox, user=user, team=team).delete()
        else:
            Grant.objects.update_or_create(mailbox=mailbox, user=user, team=team, defaults={"level": level})
        settle([mailbox.pk], by=by)
        write(
            "mailbox.access",
            by=by,
            subject=f"{'person' if user else 'team'}:{to.pk}",
            subject_name=to.name,
            mailbox_id=mailbox.pk,
            before={"level": old},
            after={"level": level},
        )
        changed = AccessChanged(to=to.name, address=mailbox.address, level=NONE if level is None else level)
        record(changed, by=by, mailbox_id=mailbox.pk)
    return True


def _decided(mailbox: Mailbox, *, user: User | None, team: Team | None) -> int | None:
    rows = Grant.objects.select_for_update().filter(mailbox=mailbox, user=user, team=team)
    return rows.values_list("level", flat=True).first()


def settle(mailbox_ids: Collection[int] | None = None, *, by: Actor) -> None:
    """Make the memberships of these mailboxes (None: of all) follow from the grants; inside a transaction.

    Call it after whatever changes them: grants, who is in a team, whether a person is active.
    """
    mailboxes = _held(mailbox_ids)
    wanted = _wanted(list(mailboxes))
    present = {(row.mailbox_id, row.user_id): row for row in Membership.objects.filter(mailbox_id__in=mailboxes)}
    names = dict(User.objects.filter(pk__in={user for _box, user in {*wanted, *present}}).values_list("pk", "name"))
    for (mailbox_id, user_id), row in present.items():
        level = wanted.get((mailbox_id, user_id), NONE)
        if level == NONE:
            row.delete()
            left = MemberLeft(person=names[user_id], address=mailboxes[mailbox_id].address, user_id=user_id)
            record(left, by=by, mailbox_id=mailbox_id)
        elif level != row.level:
            Membership.objects.filter(pk=row.pk).update(level=level)
    for (mailbox_id, user_id), level in wanted.items():
        if level != NONE and (mailbox_id, user_id) not in present:
            Membership.objects.create(mailbox_id=mailbox_id, user_id=user_id, level=level)
            joined = MemberJoined(person=names[user_id], address=mailboxes[mailbox_id].address, user_id=user_id)
            record(joined, by=by, mailbox_id=mailbox_id)


def settle_person(person: User, *, by: Actor) -> None:
    """As `settle`, for the mailboxes of one person: they were deactivated, or are active again."""
    grants = Grant.objects.filter(Q(user=person) | Q(team__members=person))
    present = Membership.objects.filter(user=person)
    settle(
        {*grants.values_list("mailbox_id", flat=True), *present.values_list("mailbox_id", flat=True)},
        by=by,
    )


def _held(mailbox_ids: Collection[int] | None) -> dict[int, Mailbox]:
    """Hold the mailboxes' rows, so that two who settle at once do so one after the other; mail comes in meanwhile."""
    rows = Mailbox.objects.order_by("pk")
    if mailbox_ids is not None:
        rows = rows.filter(pk__in=mailbox_ids)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(no_key=True)
    return {mailbox.pk: mailbox for mailbox in rows}


def _wanted(mailbox_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Return (mailbox, active person) -> level: their own grant before their teams', the highest among teams."""
    wanted: dict[tuple[int, int], int] = {}
    through = Grant.objects.filter(mailbox_id__in=mailbox_ids, team__members__is_active=True)
    for mailbox_id, user_id, level in through.values_list("mailbox_id", "team__members", "level"):
        wanted[mailbox_id, user_id] = max(level, wanted.get((mailbox_id, user_id), NONE))
    own = Grant.objects.filter(mailbox_id__in=mailbox_ids, user__is_active=True)
    for mailbox_id, user_id, level in own.values_list("mailbox_id", "user_id", "level"):
        wanted[mailbox_id, user_id] = level
    return wanted
