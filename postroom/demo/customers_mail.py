"""Turn a customer's step into the mail that their program would have sent."""

from datetime import datetime
from pathlib import Path

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import NOTE
from postroom.demo import programs
from postroom.demo.company import NAME
from postroom.demo.dates import fill
from postroom.demo.enclosures import enclosure
from postroom.demo.letters import Enclosure, Letter, build
from postroom.demo.programs import Quoted
from postroom.demo.script import Sender, Step, Thread
from postroom.lib.addresses import domain

PAGES = Path(__file__).parent / "html"

_AUTO = {
    "replied": [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")],
    "generated": [("Auto-Submitted", "auto-generated")],
}


def customers_mail(
    thread: Thread, place: int, *, moment: datetime, to: Mailbox, conversation: Conversation | None
) -> tuple[bytes, str]:
    """Return the mail's bytes and its sender; `conversation` is what the thread has become so far."""
    step = thread.steps[place]
    sender = step.sender or thread.sender
    program = thread.client if thread.client and not step.sender else programs.program_of(sender.email)
    answered = _answered(conversation)
    quoted = _quoted(answered, customer=sender) if answered and answered.author else None
    pictures = _pictures(thread, step, sender=sender, moment=moment)
    letter = Letter(
        from_name=sender.name,
        from_email=sender.email,
        to=[(NAME, to.address)],
        cc=[(person.name, person.email) for person in step.cc],
        subject=_subject(thread, program, first=not answered),
        moment=moment,
        text=programs.plain(step.text, program=program, language=thread.language, quoted=quoted),
        html=_html(thread, step, program=program, quoted=quoted, pictures=pictures, moment=moment),
        enclosures=[*pictures, *_files(thread, step, moment=moment)],
        in_reply_to=answered.rfc_id if answered else "",
        references=answered.references.split() if answered else (),
        headers=[*programs.headers(program), *_AUTO.get(step.auto, [])],
    )
    return build(letter), sender.email


def _subject(thread: Thread, program: str, *, first: bool) -> str:
    if first:
        return thread.subject
    return programs.reply_subject(thread.subject.removeprefix("Re: "), program=program, language=thread.language)


def _answered(conversation: Conversation | None) -> Message | None:
    """Return the last mail of the conversation, theirs or ours."""
    mails = Message.objects.filter(conversation=conversation).exclude(kind=NOTE)
    return mails.select_related("author").order_by("-pk").first() if conversation else None


def _quoted(answered: Message, *, customer: Sender) -> Quoted:
    return Quoted(
        name=f"{answered.from_name} at {NAME}",
        email=answered.from_email,
        moment=answered.created_at,
        subject=answered.subject,
        text=answered.text,
        to=customer.name,
    )


def _html(
    thread: Thread,
    step: Step,
    *,
    program: str,
    quoted: Quoted | None,
    pictures: list[Enclosure],
    moment: datetime,
) -> str:
    ids = {picture.name: picture.content_id for picture in pictures}
    if step.html:
        page = fill((PAGES / step.html).read_text(encoding="utf-8"), language=thread.language, moment=moment)
        for name, content_id in ids.items():
            page = page.replace(f"cid:{name}", f"cid:{content_id}")
        return page
    if program == programs.NEWSLETTER:
        return ""
    return programs.html(step.text, program=program, language=thread.language, quoted=quoted, pictures=ids)


def _pictures(thread: Thread, step: Step, *, sender: Sender, moment: datetime) -> list[Enclosure]:
    return [
        enclosure(
            name,
            language=thread.language,
            moment=moment,
            content_id=f"{Path(name).stem}.{moment:%Y%m%d%H%M}@{domain(sender.email)}",
        )
        for name in step.pictures
    ]


def _files(thread: Thread, step: Step, *, moment: datetime) -> list[Enclosure]:
    return [enclosure(name, language=thread.language, moment=moment) for name in step.files]
