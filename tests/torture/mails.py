"""The customers' mails of the storm: each with a token of its own, three in four an answer to an earlier one."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from postroom.lib import clock


@dataclass(frozen=True)
class Letter:
    """A mail, its id, and the id of the mail that began its conversation (its own when it begins one)."""

    rfc_id: str
    root: str
    raw: bytes


def letter(number: int, *, run: str, to: str, people: int) -> Letter:
    """Return the mail of this number; a writer's second, third and fourth answer the first, and so on by fours."""
    person, turn = number % people, number // people
    first = turn - turn % 4
    rfc_id = f"<{run}.{person}.{turn}@customers.example>"
    root = f"<{run}.{person}.{first}@customers.example>"
    mail = EmailMessage()
    mail["From"] = f"Customer {person} <customer{person}@customers.example>"
    mail["To"] = to
    mail["Subject"] = f"Order {person}-{first}" if turn == first else f"Re: Order {person}-{first}"
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = rfc_id
    if turn != first:
        mail["In-Reply-To"] = mail["References"] = root
    mail.set_content(f"This is mail {number} of {run}.\n" + "The bell does not ring any more.\n" * 20)
    if number % 10 == 0:
        size = 200_000 if number % 100 == 0 else 5_000
        mail.add_attachment((f"{number} ".encode() * size)[:size], "image", "png", filename=f"{number}.png")
    return Letter(rfc_id, root, mail.as_bytes())
