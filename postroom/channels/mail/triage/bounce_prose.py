"""Delivery failures told in sentences, by systems that write no RFC 3464 report."""

import re

from postroom.channels.mail.triage.status import status_in

# Bounded as addresses are (RFC 5321 4.5.3.1) and without an @ inside, so that no text takes longer than its length.
ADDRESS = (
    r"[^\s<>,;:=\"'()\[\]|/*@]{1,128}@(?:[^\s<>,;:\"'()\[\]|/*@.]{1,63}\.){1,20}[A-Za-z0-9-]{2,63}"
    r"(?![^\s<>,;:\"'()\[\]|/*.])"
)
_SPEC = re.compile(rf"(?<![^\s<>,;:=\"'()\[\]|/*]){ADDRESS}")
_SMTP = re.compile(r"(?m)(?:^|[\s:(<\[>])([45])\d\d(?: |-|: )(?=[A-Za-z<#(])(?!.{0,12}(?:bytes|hours|days|KB|MB))")
_ORIGINAL = re.compile(
    r"(?im)^[ \t>|*-]{0,60}(?:original message|returned mail|(?:the )?message text follows|"
    r"(?:-{1,60} ?)?below this line|"
    r"(?:-{1,60} ?)?this is a copy of|(?:-{1,60} ?)?unsent message|undelivered message|-{1,60} ?the header|old message|"
    r"received: (?:from|by)|return-path:"
    r"|message header|-{1,60} ?original|the first \d+ lines|-{1,60} ?returned mail follows|-{1,60} ?message follows|"
    r".{0,4}附件中的内容)"
)
_FAILURE = re.compile(
    r"could ?n[o']t be (?:delivered|sent)|could not deliver|can ?not be delivered|"
    r"not (?:yet )?(?:been )?(?:able to be )?delivered"
    r"|unable to deliver|(?:not|wasn't) able to deliver|undeliver|deli?[ve]+ry\b.{0,120}?\b(?:failed|delayed|"
    r"aborted|postponed|error)"
    r"|failed recipient|failed address|did not reach|did not receive|(?:permanent|fatal) (?:fatal )?errors?|"
    r"no such user"
    r"|(?:user|recipient)(?: name)? (?:is )?(?:unknown|not recognized|not found|rejected)|unknown user|"
    r"mailbox (?:is )?(?:unavailable|full)"
    r"|(?:returned to|returning .{0,20}to) (?:the )?sender|has been returned|invalid user|"
    r"malformed (?:recipient )?address"
    r"|(?:was|been) (?:automatically )?rejected|been postponed|trouble delivering|no user by that name|does not exist"
    r"|n'a pas pu [eê]tre|n'existe pas|non remis|nicht (?:zugestellt|zustellbar|ausgeliefert)|unzustellbar|"
    r"no se (?:ha )?pud\w+ entregar"
    r"|non (?:è stato possibile|recapitat)|niet (?:worden )?(?:afgeleverd|bezorgd)|kunde inte levereras|"
    r"kunne ikke (?:leveres|afleveres)"
    r"|não (?:foi possível|pôde) (?:ser )?entreg|не (?:было )?доставлен|не может быть доставлен|"
    r"не удалось доставить|nie dostarczono"
    r"|送信できません|配信できません|配送できません|お届けできません|无法(?:发送|投递|送达)|投递失败|传输失败|"
    r"無法(?:傳送|投遞)|전송(?:하지|에 실패)",
    re.I | re.S,
)
_SUBJECT = re.compile(
    r"^\W*(?:undeliver|delivery (?:status notification|fail|notification|report|problem|has failed|delayed|"
    r"incomplete)|returned (?:mail|e-?mail)"
    r"|mail (?:delivery|failure|system error|error|could not|not delivered|failed)|failure (?:notice|delivery)|"
    r"failed (?:delivery|mail)"
    r"|message (?:not|undeliver|delivery|could not|status)|non-?deliver|returned to sender|email (?:could not|"
    r"undeliver|delivery)"
    r"|(?:warning|notice): .{0,80}(?:not (?:yet )?(?:been )?(?:delivered|sent)|unknown|could not)|"
    r"automatically rejected mail|processing error"
    r"|there was an error sending your mail|could(?:n't| not) (?:be delivered|send)|unzustellbar|nicht zugestellt|"
    r"übermittlung|échec|non remis"
    r"|no se puede entregar|devolución|mancata consegna|onbestelbaar|не доставлено|ваше сообщение не доставлено|"
    r"недоставленное"
    r"|メールエラー|配信不能|邮件传输失败|系统退信|退信|undelivered)|\(delivery failed\)|undeliverable:",
    re.I,
)
_TEMPORARY = re.compile(
    r"delay|will (?:continue|retry|be retried)|not yet been|temporar|try again later|retry time(?:out)?|postponed|"
    r"queue too long|expired"
    r"|timed? ?out|still being|advisory|just a warning|warning message|attempts will continue|deferred|over ?quota|"
    r"mailbox (?:is )?full",
    re.I,
)
_GIVEN_UP = re.compile(r"permanent|given up|5\d\d |unknown|no such|over ?quota|mailbox (?:is )?full", re.I)
_GAVE_UP = re.compile(
    r"not going to try|(?:have|has|been) given up|giving up|will not be retried|no further attempts", re.I
)
_STILL_TRYING = re.compile(
    r"\(delay|delayed|will (?:continue|retry|be retried)|not yet been|postponed|advisory|just a warning|warning message"
    r"|retry timeout",
    re.I,
)
_SPOKEN = re.compile(r"(?<![\d.])[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d|[A-Za-z<#(](?!.{0,12}(?:bytes|hours|days)))")
AT_LINE_START = re.compile(
    rf"(?m)^[ \t>|*•\"'-]*<?({ADDRESS})>?[\"']?[.,]?(?=[ \t]*(?:[:;(<-]|\.\.\.|$|on |was |has |is |\n))",
)
_TECHNICAL = re.compile(r"(?i)rcpt to|smtp|(?<!\d)5\d\d[ -]5?\.?\d|mailbox unavailable|user unknown|unknown user")
_MAX_PROSE = 20_000


def human_part(text: str) -> str:
    """Return what the system itself says, without the mail that it returns below."""
    text = text[:_MAX_PROSE]
    original = _ORIGINAL.search(text)
    return text[: original.start()] if original and text[: original.start()].strip() else text


def returned_part(text: str) -> str:
    """Return what follows the system's own words: the mail that it returns."""
    original = _ORIGINAL.search(text[:_MAX_PROSE])
    return text[original.start() : original.start() + _MAX_PROSE] if original else ""


def speaks_of_failure(words: str) -> bool:
    """Tell whether the text says that something was not delivered."""
    return _FAILURE.search(words[:4000]) is not None


def is_failure_subject(subject: str) -> bool:
    """Tell whether a subject is one that mail systems give to failures."""
    return _SUBJECT.search(subject) is not None


def is_technical(words: str) -> bool:
    """Tell whether a program wrote this: SMTP's words, or an address alone at the start of a line."""
    return _TECHNICAL.search(words) is not None or AT_LINE_START.search(words) is not None


def addresses_in(text: str) -> list[str]:
    """Return the addresses in a text, in lower case."""
    return [match[0].lower().rstrip(".") for match in _SPEC.finditer(text)]


def after_failure(words: str) -> str:
    """Return the text right after the words that say that something failed."""
    failure = _FAILURE.search(words)
    return words[failure.end() : failure.end() + 300] if failure else ""


def server_line(words: str) -> str:
    """Return the first line in which an SMTP server speaks, '' when none does."""
    reply = _SPOKEN.search(words)
    if reply is None:
        return ""
    start = words.rfind("\n", 0, reply.start()) + 1
    end = words.find("\n", reply.end())
    return words[start : end if end > 0 else None].strip(" \t>|*")[:500]


def still_tries(words: str, *, subject: str) -> bool:
    """Tell whether the other side has not given up yet."""
    said = f"{subject}\n{words}"
    return _STILL_TRYING.search(said) is not None and _GAVE_UP.search(words) is None


def status_of(words: str, *, subject: str) -> str:
    """Return the status that the text names, or its class alone as x.0.0 when only words tell it."""
    if code := status_in(words):
        return code
    if reply := _SMTP.search(words):
        return f"{reply[1]}.0.0"
    if _GAVE_UP.search(words):
        return "5.0.0"
    said = f"{subject}\n{words}"
    if _STILL_TRYING.search(said) or (_TEMPORARY.search(said) and not _GIVEN_UP.search(said)):
        return "4.0.0"
    return "5.0.0"
