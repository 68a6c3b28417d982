"""Who sees which conversation. Every query of a conversation starts from `visible_to`; what is not visible is 404."""
# ruff: noqa: SLF001  (a model's own _meta, which Django documents)

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.sql.compiler import SQLCompiler

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models.named_person import NamedPerson
from postroom.lib import clock

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from postroom.core.conversations.models.conversation import Conversation  # noqa: F401  (the query set's own model)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Conversations, and who may see them."""

    def visible_to(self, user: User) -> "ConversationQuerySet":
        """Keep what this person sees; nothing for a deactivated person."""
        return self.filter(seen_by(user))


def seen_by(user: User, *, through: str = "") -> Q:
    """Return the condition that this person sees a conversation, or that which `through` leads to from another model.

    They see those of their mailboxes, but sensitive ones only where they are named. Whoever broke the glass sees that
    one conversation for its time, on the mailbox or not. A deactivated person sees nothing. For single messages, files
    and notices `through` is much quicker than `conversation__in=`, for which SQLite lists all that somebody sees.
    """
    if not user.is_active:
        return Q(pk__in=())
    return Q(_Seen(through, user_id=user.pk))


class _Seen(Func):
    """The rule as one expression.

    Made by the ORM's own parts it costs a millisecond of compiling at each use, and a list uses it for each mailbox.
    The named are looked up only for a sensitive row: both engines stop at the first part that decides.
    """

    output_field = models.BooleanField()
    template = (
        "(({mailbox} IN (SELECT mailbox_id FROM {members} WHERE user_id = %s) AND ({since} IS NULL OR EXISTS "
        "(SELECT 1 FROM {named} AS n WHERE n.conversation_id = {id} AND n.user_id = %s AND n.until IS NULL))) "
        "OR ({since} IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM {named} AS n WHERE n.conversation_id = {id} AND n.user_id = %s AND n.until > {now})))"
    )

    def __init__(self, through: str, *, user_id: int) -> None:
        place = f"{through}__" if through else ""
        now = Value(clock.now(), output_field=models.DateTimeField())
        super().__init__(F(f"{place}mailbox_id"), F(f"{place}sensitive_since"), F(f"{place}id"), now)
        self.user_id = int(user_id)

    def as_sql(
        self, compiler: SQLCompiler, connection: "BaseDatabaseWrapper", *args: Any, **extra: Any
    ) -> tuple[str, list[str | int]]:
        """Return the condition's text and its parameters: the person thrice, and the present moment."""
        del connection, args, extra
        mailbox, since, row, now = self.get_source_expressions()
        moment, params = compiler.compile(now)
        sql = self.template.format(
            mailbox=compiler.compile(mailbox)[0],
            since=compiler.compile(since)[0],
            id=compiler.compile(row)[0],
            now=moment,
            members=Membership._meta.db_table,
            named=NamedPerson._meta.db_table,
        )
        return sql, [self.user_id, self.user_id, self.user_id, *params]
