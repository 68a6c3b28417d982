from datetime import timedelta

from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.models import User
from postroom.core.conversations.models import AnswerableLetter, Conversation
from postroom.core.conversations.state import State
from postroom.lib import clock

# So long an answer is taken.
ANSWERED_WITHIN = timedelta(days=30)
# Afterwards it is still known whose answer it is, and they are told.
_KNOWN = timedelta(days=120)


def post_answerable(
    reader: User, *, subject: str, text: str, about: Conversation | None, seen: int = 0, back: bool = False
) -> AnswerableLetter:
    """Post a letter and remember what an answer to it is about; inside the caller's transaction.

    `about` is as its row was read, before its text was written, and `seen` the newest message that the letter knew;
    None for a letter that cannot be answered by mail: then whoever tries is told. `back`: it says what became of an
    answer.
    """
    now = clock.now()
    letter = post_letter(to=reader.email, name=reader.name, subject=subject, text=text)
    AnswerableLetter.objects.filter(until__lt=now - _KNOWN).delete()
    return AnswerableLetter.objects.create(
        letter_id=letter.pk,
        user=reader,
        conversation=about,
        seen=seen,
        state=str(State.of(about)) if about is not None else "",
        back=back,
        created_at=now,
        until=now + ANSWERED_WITHIN,
    )
