"""How mail programs write: their HTML, their way of quoting, the headers that tell them."""

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.utils import timezone

from postroom.demo.dates import long_date

GMAIL, OUTLOOK, APPLE, PLAIN, PHONE, NEWSLETTER = "gmail", "outlook", "apple", "plain", "phone", "newsletter"

# Who has no client named gets one by address: these many in twelve.
_SPREAD = (GMAIL,) * 5 + (OUTLOOK,) * 2 + (APPLE,) * 2 + (PLAIN,) * 2 + (PHONE,)

_WROTE = {
    "en": "On {date} at {time}, {name} wrote:",
    "fr": "Le {date} à {time}, {name} a écrit :",
    "nl": "Op {date} om {time} schreef {name}:",
    "de": "Am {date} um {time} schrieb {name}:",
    "es": "{date} a las {time}, {name} escribió:",
}
_OUTLOOK_WORDS = {
    "en": ("From", "Sent", "To", "Subject"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "es": ("De", "Enviado", "Para", "Asunto"),
}
_FROM_PHONE = {
    "en": "Sent from my phone",
    "fr": "Envoyé de mon téléphone",
    "nl": "Verzonden vanaf mijn telefoon",
    "de": "Von meinem Handy gesendet",
    "es": "Enviado desde mi móvil",
}
_PICTURE = re.compile(r"\[([\w.-]+\.(?:jpg|png))\]")


@dataclass(frozen=True)
class Quoted:
    """The mail that is answered, as it is quoted below the answer."""

    name: str
    email: str
    moment: datetime
    subject: str
    text: str
    to: str


def program_of(email: str) -> str:
    """Return the mail program of this address, always the same one."""
    return _SPREAD[zlib.crc32(email.encode()) % len(_SPREAD)]


def reply_subject(subject: str, *, program: str, language: str) -> str:
    """Return the subject of an answer, with the prefix of this program in this language."""
    if program == OUTLOOK:
        return f"{'AW' if language == 'de' else 'RE'}: {subject}"
    return f"Re: {subject}"


def headers(program: str) -> list[tuple[str, str]]:
    """Return the headers by which the program is known."""
    names = {
        OUTLOOK: [("X-Mailer", "Microsoft Outlook 16.0"), ("Thread-Index", "AdsK3u0Yb2x1TW9ja2FuZA==")],
        APPLE: [("X-Mailer", "Apple Mail (2.3774)")],
        PLAIN: [("User-Agent", "Mozilla Thunderbird")],
        NEWSLETTER: [("Precedence", "bulk"), ("List-Unsubscribe", "<https://letters.mailing.example/leave>")],
    }
    return names.get(program, [])


def plain(text: str, *, program: str, language: str, quoted: Quoted | None) -> str:
    """Return the mail's plain text with what it quotes below."""
    words = _PICTURE.sub(lambda picture: f"[{picture[1]}]", text)
    if program == PHONE:
        words = f"{words}\n\n{_FROM_PHONE[language]}"
    if not quoted:
        return words
    if program == OUTLOOK:
        return f"{words}\n\n{'_' * 32}\n{_outlook_head(quoted, language)}\n\n{quoted.text}"
    below = "\n".join(f"> {line}".rstrip() for line in quoted.text.splitlines())
    return f"{words}\n\n{_wrote(quoted, language)}\n\n{below}"


def html(text: str, *, program: str, language: str, quoted: Quoted | None, pictures: dict[str, str]) -> str:
    """Return the mail's HTML, or nothing for a program that writes plain text. `pictures`: file name to Content-ID."""
    if program == PLAIN and not pictures:
        return ""
    words = _paragraphs(text, program=program, pictures=pictures)
    if program == OUTLOOK:
        return _OUTLOOK_PAGE.format(words=words, quote=_outlook_quote(quoted, language))
    if program == APPLE:
        return _APPLE_PAGE.format(words=words, quote=_apple_quote(quoted, language))
    signed = f"<div><br></div><div>{_FROM_PHONE[language]}</div>" if program == PHONE else ""
    return f'<div dir="ltr">{words}{signed}</div>\n{_gmail_quote(quoted, language)}'


def _paragraphs(text: str, *, program: str, pictures: dict[str, str]) -> str:
    begin, end = ('<p class="MsoNormal">', "</p>") if program == OUTLOOK else ("<div>", "</div>")
    gap = f"{begin}&nbsp;{end}" if program == OUTLOOK else "<div><br></div>"
    lines = [f"{begin}{_pictured(escape(line), pictures)}{end}" if line else gap for line in text.splitlines()]
    return "\n".join(lines)


def _pictured(line: str, pictures: dict[str, str]) -> str:
    def image(found: "re.Match[str]") -> str:
        cid = pictures.get(found[1])
        return f'<img src="cid:{cid}" alt="{found[1]}" width="520">' if cid else found[0]

    return _PICTURE.sub(image, line)


def _quoted_html(quoted: Quoted) -> str:
    return "<br>\n".join(escape(line) for line in quoted.text.splitlines())


def _gmail_quote(quoted: Quoted | None, language: str) -> str:
    if not quoted:
        return ""
    return (
        f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(_wrote(quoted, language))}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
        f'padding-left:1ex">{_quoted_html(quoted)}</blockquote></div>'
    )


def _apple_quote(quoted: Quoted | None, language: str) -> str:
    if not quoted:
        return ""
    return (
        f'<div><br><blockquote type="cite"><div>{escape(_wrote(quoted, language))}</div><br>'
        f"<div>{_quoted_html(quoted)}</div></blockquote></div>"
    )


def _outlook_quote(quoted: Quoted | None, language: str) -> str:
    if not quoted:
        return ""
    head = "<br>\n".join(
        f"<b>{escape(name)}:</b> {escape(value)}"
        for name, _colon, value in (line.partition(": ") for line in _outlook_head(quoted, language).splitlines())
    )
    return (
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{head}</p></div><p class="MsoNormal">{_quoted_html(quoted)}</p>'
    )


def _outlook_head(quoted: Quoted, language: str) -> str:
    sender, sent, to, subject = _OUTLOOK_WORDS[language]
    local = timezone.localtime(quoted.moment)
    day = f"{long_date(local.date(), language=language).removeprefix('el ')} {local.year} {local:%H:%M}"
    return f"{sender}: {quoted.name} <{quoted.email}>\n{sent}: {day}\n{to}: {quoted.to}\n{subject}: {quoted.subject}"


def _wrote(quoted: Quoted, language: str) -> str:
    local = timezone.localtime(quoted.moment)
    day = f"{long_date(local.date(), language=language)} {local.year}"
    name = f"{quoted.name} <{quoted.email}>"
    said = _WROTE[language].format(date=day, time=f"{local:%H:%M}", name=name)
    return said[0].upper() + said[1:]


_OUTLOOK_PAGE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<style><!-- p.MsoNormal {{margin:0cm;font-size:11.0pt;font-family:"Calibri",sans-serif}} --></style></head>
<body lang="EN-US" style="word-wrap:break-word"><div class="WordSection1">
{words}
{quote}
</div></body></html>"""

_APPLE_PAGE = """<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>
<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">
{words}
{quote}
</body></html>"""
