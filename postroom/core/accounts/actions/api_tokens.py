import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.api_tokens import PREFIX, digest_of, tokens_of
from postroom.core.accounts.models import ApiToken, User
from postroom.core.accounts.policy import policy
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import ApiTokenMade, ApiTokensEnded
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.text import one_line

# Days that a token may be good for.
LENGTHS = (7, 30, 90, 365)
USUAL = 90
_MOST = 50
_SHOWN = 4
# Translated when the letter is written, for whom it is to.
_MADE = gettext_lazy("the API token “%(token)s” was made: with it a program reads your mail here.")
_MADE_TO_ANSWER = gettext_lazy("the API token “%(token)s” was made: with it a program reads and answers mail as you.")
_ENDED = gettext_lazy("%(name)s ended the API token “%(token)s”; the program that has it gets no further.")


class TokenRefused(Exception):
    """No token was made; the sentence says why, and `field` names the input that has to change ("" for none)."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def make_token(*, name: str, answers: bool, days: int, by: User, signed_on: bool = False) -> str:
    """Return a new token for a program of this person; it is shown this once, and only its digest is kept.

    With `answers` the program may write and change as its person may, else only read. `signed_on`: the session it is
    made in comes from a single sign-on. Its person gets a letter.
    """
    name = one_line(name, length=80)
    if not name:
        raise TokenRefused(_("Type a name, such as that of the program."), field="name")
    if days not in LENGTHS:
        raise TokenRefused(_("Choose how long it is good."), field="days")
    token, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    with transaction.atomic():
        if not policy().api_tokens:
            raise TokenRefused(_("Whoever runs this Postroom has switched API tokens off."))
        if tokens_of(by).count() >= _MOST:
            raise TokenRefused(_("You have %(most)s tokens. End those that nothing uses.") % {"most": _MOST})
        row = ApiToken.objects.create(
            user=by,
            name=name,
            digest=digest_of(token),
            ending=token[-_SHOWN:],
            answers=answers,
            signed_on=signed_on,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        write(
            "api_token.made",
            by=by,
            subject=f"api_token:{row.pk}",
            subject_name=name,
            after={"answers": answers, "expires_at": row.expires_at.isoformat()},
        )
        _tell(by, _MADE_TO_ANSWER if answers else _MADE, token=name)
        record(ApiTokenMade(person=by.name, user_id=by.pk, token=name), by=by)
    return token


def end_token(user: User, *, token_id: int, by: Actor) -> bool:
    """Let one program of this person in no longer; False when it was over. Somebody else's doing is told by letter."""
    return _end(tokens_of(user).filter(pk=token_id), user=user, by=by, told=by != user) > 0


def end_tokens(user: User, *, by: Actor) -> int:
    """Let no program of this person in any longer; return how many tokens that were."""
    return _end(tokens_of(user), user=user, by=by, told=False)


def _end(rows: QuerySet[ApiToken], *, user: User, by: Actor, told: bool) -> int:
    with transaction.atomic():
        ended = list(rows.select_for_update().order_by("pk"))
        if not ended:
            return 0
        ApiToken.objects.filter(pk__in=[one.pk for one in ended]).update(ended_at=clock.now())
        for one in ended:
            place = f"api_token:{one.pk}"
            write("api_token.ended", by=by, subject=place, subject_name=one.name, before={"person": user.name})
            if told:
                _tell(user, _ENDED, token=one.name, name=str(getattr(by, "name", "Postroom")))
        record(ApiTokensEnded(person=user.name, user_id=user.pk, count=len(ended)), by=by)
    return len(ended)


def _tell(user: User, sentence: Promise, *, token: str, name: str = "") -> None:
    """Write to a person about a token of theirs, in their language; inside the transaction of what was done."""
    with translation.override(user.language):
        lines = (
            _("Hello %(name)s,") % {"name": user.name},
            str(sentence) % {"token": token, "name": name},
            _("Was it not meant so? End it under Settings, API tokens, and tell whoever runs your Postroom."),
        )
        subject = _("Your API tokens for Postroom have changed")
        post_letter(to=user.email, name=user.name, subject=subject, text="\n\n".join(lines) + "\n")
