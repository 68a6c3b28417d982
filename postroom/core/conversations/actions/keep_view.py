"""Keep a filter as a view; change it, delete it: shared ones are written down. Place it in one's own sidebar."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Team, User
from postroom.core.accounts.permissions import ANSWER, TEAMS, may
from postroom.core.audit.write import Values, write
from postroom.core.conversations.condition import parse
from postroom.core.conversations.models import View, ViewPlace
from postroom.core.conversations.selections import NEWEST, SORTS
from postroom.core.conversations.views import may_change, views_of
from postroom.lib.text import one_line

# What a list can show beside the usual, and how closely.
COLUMNS = ("number", "mailbox", "created", "owner")
DENSITIES = ("", "comfortable", "dense")
# In one sidebar; more is a mistake of some program.
_MOST = 200


class ViewRefused(Exception):
    """A view could not be kept; the sentence says why."""


@dataclass(frozen=True)
class ViewWish:
    """What somebody wants of a view. Shared with a team, with everybody, or (neither) with nobody."""

    name: str
    condition: str
    sort: str = NEWEST
    columns: tuple[str, ...] = ()
    density: str = ""
    team: Team | None = None
    for_all: bool = False


def keep_view(wish: ViewWish, *, by: User) -> View:
    """Keep a new view, at the end of one's own."""
    wish = _checked(wish, by=by)
    _refuse_sharing(None, wish, by=by)
    with transaction.atomic():
        own = View.objects.filter(owner=by)
        if own.count() >= _MOST:
            raise ViewRefused(_("You have %(n)d views. Delete one that you no longer need first.") % {"n": _MOST})
        last = own.aggregate(last=Max("position"))["last"]
        view = View(owner=by, position=0 if last is None else last + 1)
        _put(view, wish)
        if _shared(view):
            _write("view.shared", view, by=by, after=_told(view))
    return view


def change_view(view: View, wish: ViewWish, *, by: User) -> bool:
    """Change a view. False when it was just so."""
    wish = _checked(wish, by=by)
    _refuse_others(view, by=by)
    with transaction.atomic():
        was = View.objects.select_related("team").filter(pk=view.pk).first()
        if was is None:
            raise ViewRefused(_("This view is not there any more. Nothing was changed."))
        _refuse_sharing(was, wish, by=by)
        before, was_shared = _told(was), _shared(was)
        _put(view, wish)
        after = _told(view)
        if before == after:
            return False
        if was_shared or _shared(view):
            action = (
                "view.changed" if was_shared and _shared(view) else "view.shared" if _shared(view) else "view.unshared"
            )
            changed = {name for name in after if before[name] != after[name]}
            told_before = {name: before[name] for name in changed}
            _write(action, view, by=by, before=told_before, after={name: after[name] for name in changed})
    return True


def delete_view(view: View, *, by: User) -> bool:
    """Delete a view; the conversations in it stay where they are. False when it was gone."""
    _refuse_others(view, by=by)
    with transaction.atomic():
        told, shared, number = _told(view), _shared(view), view.pk
        gone, _rows = View.objects.filter(pk=number).delete()
        if gone and shared:
            _write("view.deleted", view, by=by, before=told)
    return bool(gone)


def place_view(view: View, *, before: View | None, by: User) -> bool:
    """Put a view before another one in one's own sidebar, or at its end. False when it was there.

    Nobody else's sidebar is changed, whose ever the view is.
    """
    with transaction.atomic():
        ids = list(views_of(by).values_list("pk", flat=True))
        if view.pk not in ids:
            raise ViewRefused(_("This view is not there any more. Nothing was changed."))
        rest = [one for one in ids if one != view.pk]
        place = rest.index(before.pk) if before and before.pk in rest else len(rest)
        wanted = [*rest[:place], view.pk, *rest[place:]]
        rows = [ViewPlace(user=by, view_id=one, position=position) for position, one in enumerate(wanted)]
        ViewPlace.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["user", "view"], update_fields=["position"]
        )
    return wanted != ids


def hide_view(view: View, *, by: User) -> bool:
    """Show a view no longer in one's own sidebar; it is still there for everybody else. False when it was hidden."""
    return _hide(view, by=by, hidden=True)


def show_view(view: View, *, by: User) -> bool:
    """Show it there again. False when it was shown."""
    return _hide(view, by=by, hidden=False)


def _hide(view: View, *, by: User, hidden: bool) -> bool:
    with transaction.atomic():
        place, _made = ViewPlace.objects.get_or_create(user=by, view=view)
        return bool(ViewPlace.objects.filter(pk=place.pk, hidden=not hidden).update(hidden=hidden))


def _checked(wish: ViewWish, *, by: User) -> ViewWish:
    name = one_line(wish.name, length=80)
    if not name:
        raise ViewRefused(_("Type a name for this view."))
    parsed = parse(wish.condition, by=by)
    if parsed.faults:
        raise ViewRefused(parsed.faults[0].sentence)
    return ViewWish(
        name=name,
        condition=str(parsed.condition),
        sort=wish.sort if wish.sort in SORTS else NEWEST,
        columns=tuple(code for code in COLUMNS if code in wish.columns),
        density=wish.density if wish.density in DENSITIES else "",
        team=None if wish.for_all else wish.team,
        for_all=wish.for_all,
    )


def _refuse_others(view: View, *, by: User) -> None:
    if not may_change(view, by=by):
        raise ViewRefused(_("This view is somebody else’s. Make one of your own from it: open it, and save it anew."))


def _refuse_sharing(was: View | None, wish: ViewWish, *, by: User) -> None:
    """Whoever only reads keeps views for themselves; a team's are its members', and those who make teams."""
    if wish.team is None and not wish.for_all:
        return
    if was is not None and (was.team_id, was.for_all) == (wish.team.pk if wish.team else None, wish.for_all):
        return
    if not (may(by, ANSWER) or may(by, TEAMS)):
        raise ViewRefused(_("Your role does not share views. This one can be yours alone."))
    if wish.team and not may(by, TEAMS) and not wish.team.members.filter(pk=by.pk).exists():
        raise ViewRefused(
            _("You are not in the team %(team)s. Share the view with one of yours.") % {"team": wish.team.name}
        )


def _put(view: View, wish: ViewWish) -> None:
    view.name, view.condition, view.sort = wish.name, wish.condition, wish.sort
    view.columns, view.density = list(wish.columns), wish.density
    view.team, view.for_all = wish.team, wish.for_all
    view.save()


def _shared(view: View) -> bool:
    return view.for_all or view.team_id is not None


def _told(view: View) -> dict[str, str | bool | list[str]]:
    return {
        "name": view.name,
        "condition": view.condition,
        "sort": view.sort,
        "columns": list(view.columns),
        "density": view.density,
        "team": view.team.name if view.team else "",
        "for_all": view.for_all,
    }


def _write(action: str, view: View, *, by: User, before: Values | None = None, after: Values | None = None) -> None:
    write(action, by=by, subject=f"view:{view.pk}", subject_name=view.name, before=before, after=after)
