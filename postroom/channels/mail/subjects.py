"""Subjects without what mail programs put in front of them."""

import re

# Reply and forward marks of mail programs in the languages they come in.
_MARKS = [
    "re", "r", "rv", "res", "resp", "rif", "risp", "ref", "aw", "antw", "antwort", "sv", "svar", "vs", "vast", "vl",
    "vb", "ynt", "ilt", "yan", "odp", "od", "pd", "nt", "bls", "balas", "rép", "rep", "réf", "rép.", "re.", "tr",
    "fwd", "fw", "wg", "enc", "doorst", "i", "i:", "inoltro", "inoltra", "fs", "továbbítás", "vá", "ang", "pba",
    "rv:", "ил", "отв", "re", "отправлено", "na", "pr", "atb", "fyi", "hop", "ats", "σχετ", "απ", "πρθ", "προωθ",
    "転送", "返信", "回复", "回覆", "答复", "转发", "轉寄", "轉發", "答覆", "回應", "답장", "전달", "رد", "إعادة",
    "إعادة_توجيه",
    "הועבר", "תשובה", "השב", "ตอบกลับ", "ส่งต่อ", "trả", "vl", "doorsturen", "hl", "fwd:", "továbbított", "пересл",
    "пересылка", "ответ", "переслано", "trả_lời", "chuyển_tiếp", "переадр",
]  # fmt: skip
_WORDS = "|".join(sorted({re.escape(mark.rstrip(":.").replace("_", " ")) for mark in _MARKS}, key=len, reverse=True))
_COUNT = r"(?:\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3}|\d{1,2}))?"
_MARK = re.compile(rf"\s*(?:{_WORDS}){_COUNT}\s*(?:[:：]|\.:)\s*", re.IGNORECASE)
_FORWARD = re.compile(
    r"\s*\[?(?:fwd?|wg|tr|rv|enc|doorst|doorsturen|doorgestuurd|fs|vb|vs|vl|pd|i|inoltro|inoltra|пересл|пересылка|"
    r"переслано|переадр|转发|轉寄|轉發|転送|전달|ilt|továbbítás|továbbított|edasi|πρθ|προωθ|הועבר|إعادة توجيه|ส่งต่อ|"
    rf"chuyển tiếp){_COUNT}\s*[:：]",
    re.IGNORECASE,
)
# Finnish programs write VS: for Re:, Danish and Norwegian ones for Fwd:.
_EITHER = re.compile(rf"\s*\[?vs{_COUNT}\s*[:：]", re.IGNORECASE)
_TRAILER = re.compile(r"\s*(?:\((?:fwd|fw|wg|tr)\)|\[(?:fwd|fw)\])\s*$", re.IGNORECASE)
_BRACKETED = re.compile(r"^\s*\[(?:fwd?|wg|tr)\s*:\s*(.*)\]\s*$", re.IGNORECASE | re.DOTALL)
_BLANKS = re.compile(r"\s+")


def base_subject(subject: str) -> str:
    """Return the subject without Re:, Fwd:, AW:, TR: … in any order and number (RFC 5256, 2.1, in more languages)."""
    subject = _BLANKS.sub(" ", subject).strip()
    for _ in range(50):
        before = subject
        mark = _MARK.match(subject)
        if mark:
            subject = subject[mark.end() :]
        subject = _TRAILER.sub("", subject)
        bracketed = _BRACKETED.match(subject)
        if bracketed:
            subject = bracketed[1]
        if subject == before:
            break
    return subject.strip()


def is_forward_subject(subject: str) -> bool:
    """Tell whether the first mark in front says that a mail is forwarded."""
    return _FORWARD.match(subject) is not None


def is_either_subject(subject: str) -> bool:
    """Tell whether the first mark says in one language that a mail is forwarded, and in another that it answers."""
    return _EITHER.match(subject) is not None


def is_reply_subject(subject: str) -> bool:
    """Tell whether a reply or forward mark stands in front."""
    return _MARK.match(subject) is not None
