"""The full-text engine behind the door of the condition language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.sql.compiler import SQLCompiler

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import BY_RANK, Hits, Piece, Term, Within
from postroom.followers.search import by_date, by_rank, snippets, spelling
from postroom.followers.search.asked import asked
from postroom.followers.search.store import index

# What is in more messages than these is looked for in each conversation of a list, and not listed beforehand.
_FEW = 2000


class FullText:
    """SQLite's and PostgreSQL's own full text."""

    def matching(self, term: Term) -> Q:
        """Return the condition on a conversation that one of its messages matches the term. Make it anew each time."""
        wanted = asked([term])
        if not wanted:
            # Nothing was asked for: signs and blanks are in every conversation.
            return Q()
        found = index().newest(wanted, scopes=(), below=None, most=_FEW + 1)
        if len(found) <= _FEW:
            return Q(pk__in={conversation_id for _message_id, conversation_id in found})
        return Q(_Holds(*index().exists(wanted)))

    def find(
        self, terms: Sequence[Term], *, user: User, within: Within | None, order: str, before: str, limit: int
    ) -> Hits:
        """Return conversations that this person may see, with a message that matches every term."""
        wanted = asked(terms)
        if not wanted or limit < 1:
            return Hits(())
        look = by_rank.find if order == BY_RANK else by_date.find
        hits = look(wanted, user=user, within=within, before=before, limit=limit)
        if hits.found or hits.next or before:
            return hits
        instead = spelling.likelier(terms, user=user, within=within)
        if not instead:
            return hits
        found = look(asked(instead), user=user, within=within, before="", limit=limit)
        # Without `next`, which would go on with what was typed.
        return Hits(found.found, spelled=tuple(instead), many=found.many) if found.found else hits

    def snippets(self, message_ids: Sequence[int], terms: Sequence[Term]) -> Mapping[int, tuple[Piece, ...]]:
        """Return for each message the stretch of its text in which the terms are."""
        return snippets.snippets(message_ids, terms)


class _Holds(Func):
    """Whether some message of the conversation holds what was asked for."""

    output_field = models.BooleanField()

    def __init__(self, sql: str, values: Sequence[str]) -> None:
        super().__init__(F("id"))
        self.sql, self.values = sql, values

    def as_sql(self, compiler: SQLCompiler, connection: Any, *args: Any, **extra: Any) -> tuple[str, list[str | int]]:
        """Return the condition's text and its values."""
        del connection, args, extra
        conversation, _params = compiler.compile(self.get_source_expressions()[0])
        return (
            "EXISTS (SELECT 1 FROM postroom_conversations_message AS said "  # noqa: S608  (values are parameters)
            "JOIN postroom_search_entry AS e ON e.message_id = said.id "
            f"WHERE said.conversation_id = {conversation} AND {self.sql})"
        ), list(self.values)
