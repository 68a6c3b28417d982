"""Where the SCIM library reads and writes: our people and teams, through our verbs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scim2_models import PreconditionFailedException, Resource, ResourceType, ResponseParameters, SearchRequest
from scim2_server.storage import ScimStorage, SearchPage

from postroom.core.accounts.actions.directory import Directory, one_at_a_time
from postroom.faces.api.scim import people, shapes, shown, teams
from postroom.faces.api.scim.finding import page
from postroom.faces.api.scim.refusals import as_scim


class Kept(ScimStorage):
    """The library's door. `by` is the directory; `is_owners` says that an owner has made its token."""

    def __init__(self, *, by: Directory, is_owners: bool, writes: bool) -> None:
        self._by = by
        self._is_owners = is_owners
        self._writes = writes

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Make what changes something one transaction, with no other change by a directory beside it."""
        if not self._writes:
            yield
            return
        with as_scim(), one_at_a_time():
            yield

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,  # noqa: ARG002
    ) -> Resource[Any]:
        """Return one; all of it, whatever was asked for."""
        if resource_type.name == "User":
            return shown.user(people.found(resource_id))
        return shown.group(teams.found(resource_id))

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,  # noqa: ARG002
    ) -> SearchPage:
        """Return those that a filter speaks of."""
        return page({str(one.name) for one in resource_types}, search_request)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:  # noqa: ARG002
        """Add one."""
        with as_scim():
            if isinstance(resource, shapes.User):
                return people.create(resource, by=self._by, is_owners=self._is_owners)
            assert isinstance(resource, shapes.Group)
            return teams.create(resource, by=self._by)

    def update(
        self,
        resource_type: ResourceType,  # noqa: ARG002
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        """Make one what is told."""
        with as_scim():
            if isinstance(resource, shapes.User):
                person = people.found(resource.id or "")
                _expect(expected_version, shown.user(person))
                return people.update(person, wanted=resource, by=self._by, is_owners=self._is_owners)
            assert isinstance(resource, shapes.Group)
            team = teams.found(resource.id or "")
            _expect(expected_version, shown.group(team))
            return teams.update(team, wanted=resource, by=self._by)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Let one go."""
        with as_scim():
            if resource_type.name == "User":
                person = people.found(resource_id)
                _expect(expected_version, shown.user(person))
                people.remove(person, by=self._by, is_owners=self._is_owners)
                return
            team = teams.found(resource_id)
            _expect(expected_version, shown.group(team))
            teams.remove(team, by=self._by)


def _expect(version: str | None, there: Resource[Any]) -> None:
    if version is not None and (there.meta is None or there.meta.version != version):
        raise PreconditionFailedException
