"""Write a mail that was attached inside winmail.dat as one that any program opens."""

from email.message import EmailMessage
from email.policy import SMTP

from postroom.channels.mail.filenames import content_type_of, safe_name
from postroom.channels.mail.headers import clean
from postroom.channels.mail.tnef_parts import TnefFile, Winmail
from postroom.lib.text import storable


def as_mail(inner: Winmail, *, subject: str) -> bytes:
    """Return the mail with its text and files; the parts are marked by their number, so that it comes out the same."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = clean(storable(subject))[:200]
    mail.set_content(storable(inner.body))
    if inner.html_body:
        mail.add_alternative(storable(inner.html_body), subtype="html")
    for number, file in enumerate(inner.files, start=1):
        _add(mail, file, number=number)
    for number, part in enumerate(mail.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_postroom_{number}")
    return mail.as_bytes()


def _add(mail: EmailMessage, file: TnefFile, *, number: int) -> None:
    kind = content_type_of(file.name)
    name = safe_name(file.name, content_type=kind, number=number)
    if file.content_type == "message/rfc822":
        kind = "application/octet-stream"  # opened by its name; the library wants to take such a part apart
    main, _slash, sub = kind.partition("/")
    mail.add_attachment(file.data, maintype=main, subtype=sub or "octet-stream", filename=name)
