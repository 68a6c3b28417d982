"""Find those that a filter speaks of."""

from typing import Any

from django.db.models import Q, QuerySet
from scim2_models import Resource, ScimFilter, SearchRequest
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import SearchPage

from postroom.core.accounts.models import Team, User
from postroom.faces.api.scim import people, shapes, shown, teams
from postroom.lib.text import storable

# Nobody has as many people; a larger number is none to a database.
_FAR = 10**9


def page(kinds: set[str], asked: SearchRequest[Any]) -> SearchPage:
    """Return one page of people, teams or both: filtered, sorted, counted."""
    queries: list[QuerySet[User] | QuerySet[Team]] = []
    if "User" in kinds:
        queries.append(people.rows())
    if "Group" in kinds:
        queries.append(teams.rows())
    start, count = min(asked.start_index_0 or 0, _FAR), asked.count
    if asked.filter is None and asked.sort_by is None and len(queries) == 1:
        # The usual way through everybody, without making those of other pages.
        stop = None if count is None else start + count
        return SearchPage(queries[0].count(), [_shape(row) for row in queries[0][start:stop]])
    found = _matching(queries, asked.filter)
    if asked.sort_by is not None:
        found.sort(key=lambda one: _place(asked, one), reverse=asked.sort_order == SearchRequest.SortOrder.descending)
    return SearchPage(len(found), found[start : None if count is None else start + count])


def _matching(queries: list[QuerySet[User] | QuerySet[Team]], wanted: ScimFilter[Any] | None) -> list[Resource[Any]]:
    if wanted is not None and not wanted.models:
        wanted = ScimFilter[shapes.User | shapes.Group](str(wanted))
    shapes_there = [_shape(row) for query in queries for row in _narrowed(query, wanted)]
    return [one for one in shapes_there if wanted is None or wanted.match(one)]


def _narrowed(query: QuerySet[Any], wanted: ScimFilter[Any] | None) -> QuerySet[Any]:
    """Leave out most of those who cannot match what directories ask for all day; the filter itself decides."""
    node = wanted.ast if wanted is not None else None
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq or not isinstance(node.value, str):
        return query
    field, value = str(node.attr_path).lower(), node.value
    if query.model is not User or storable(value) != value:
        return query
    if field == "username":
        return query.filter(Q(email=value.strip().lower()) | Q(directory_entry__document__userName__iexact=value))
    return query.filter(external_id=value) if field == "externalid" else query


def _shape(row: User | Team) -> Resource[Any]:
    return shown.user(row) if isinstance(row, User) else shown.group(row)


def _place(asked: SearchRequest[Any], one: Resource[Any]) -> tuple[bool, Any, int]:
    """Say where it stands: those without the value last, and of the same value the older first."""
    value = asked.sort_value(one)
    return value is None, "" if value is None else value, int(one.id or 0)
