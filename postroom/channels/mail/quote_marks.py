"""The lines with which mail programs announce a quoted or forwarded mail, in the languages they come in."""

import re

_WROTE = re.compile(
    r"(?i)(?<!\w)(?:wrote|writes|said|schrieb|geschrieben|schreibt|a écrit|écrit|escribió|escribio|escreveu|scritto|scrisse|schreef|geschreven"
    r"|skrev|skrifaði|kirjoitti|napisał\(?a?\)?|napisał|napisała|napsal\(?a?\)?|napísal\(?a?\)?|написал\(?а?\)?|пише|написав|пишет|έγραψε"
    r"|a scris|írta|yazdı|şunu yazdı|đã viết|viết|menulis|เขียน|写道|寫道|のメール|書きました|作成|כתב/?ה?|كتب|rašė|rakstīja|kirjutas|je napisao|написа)(?!\w)"
)
_ENDS = re.compile(r"[:：]\s*$")
_DATED = re.compile(r"\d{1,4}[./\-年월일 ]|\d{1,2}:\d{2}|@|<")
_ORIGINAL = re.compile(
    r"(?i)^[ \t>]*(?:[-_=*]{2,}\s*)(?:original[ -]message|original nachricht|ursprüngliche nachricht|originalnachricht|message d'origine|message original|"
    r"mensaje original|messaggio originale|mensagem original|oorspronkelijk(?:e)? bericht|originalmeddelande|oprindelig meddelelse|opprinnelig melding|"
    r"alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|исходное сообщение|оригинальное сообщение|reply message|原始邮件|原始郵件|元のメッセージ|원본 메시지|eredeti üzenet|orijinal ileti|mesaj original)\s*(?:[-_=*]{2,})?\s*$"
)
_FORWARD = re.compile(
    r"(?i)^[ \t]*(?:[-_=*]{2,}\s*(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht|"
    r"mensagem encaminhada|vidarebefordrat meddelande|videresendt|przekazana wiadomość|пересылаемое сообщение|forwarded by .*)|(?:begin forwarded message|"
    r"anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)|inizio messaggio inoltrato|inicio del mensaje reenviado)\s*:)"
)
_FROM = r"from|von|de|da|fra|från|van|od|lähettäjä|от|від|feladó|kimden|gönderen|发件人|寄件者|差出人|보낸 사람|από|expéditeur|mittente|od kogo|remitente"
_OTHER = (
    r"sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado(?: el)?|fecha|para|asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|"
    r"enviada(?: em)?|assunto|skickat|till|ämne|sendt|til|emne|wysłano|do|temat|lähetetty|vastaanottaja|aihe|odesláno|komu|předmět|отправлено|кому|тема|"
    r"дата|надіслано|发送时间|收件人|主题|送信日時|宛先|件名|보낸 날짜|받는 사람|제목|elküldve|címzett|tárgy|gönderilme|kime|konu|reply-to|importance|sendt:"
)
_FROM_LINE = re.compile(rf"(?i)^[ \t>*_]*(?:{_FROM})[ \t]?\*?[:：]\*?[ \t]*\S")
_OTHER_LINE = re.compile(rf"(?i)^[ \t>*_]*(?:{_OTHER})[ \t]?\*?[:：]")


def attribution_length(lines: list[str], index: int) -> int:
    """Return how many lines a "… wrote:" takes from here, 0 when there is none; programs wrap it over up to four."""
    if not lines[index].strip() or lines[index].lstrip().startswith(">"):
        return 0
    for length in range(1, 5):
        part = lines[index : index + length]
        if len(part) < length or not part[-1].strip() or (length > 1 and part[-1].lstrip().startswith(">")):
            return 0
        joined = " ".join(line.strip() for line in part)
        if len(joined) > 400:
            return 0
        if _ENDS.search(joined):
            return length if _WROTE.search(joined) and _DATED.search(joined) else 0
    return 0


def is_original_mark(line: str) -> bool:
    """Tell whether the line is "-----Original Message-----" or its like."""
    return _ORIGINAL.match(line[:200]) is not None


def is_forward_mark(line: str) -> bool:
    """Tell whether the line says that a forwarded mail follows."""
    return _FORWARD.match(line[:200]) is not None


def header_block_length(lines: list[str], index: int) -> int:
    """Return the length of an Outlook-like block (From, Sent, To, Subject) that starts here, 0 when none does."""
    if not _FROM_LINE.match(lines[index][:300]):
        return 0
    length = 1
    named = 0
    while index + length < len(lines) and length < 12:
        line = lines[index + length][:300]
        if _OTHER_LINE.match(line):
            named += 1
        elif not line.strip() and named:
            break
        length += 1
    return length if named >= 2 else 0


def starts_header_block(line: str) -> bool:
    """Tell whether the line could be the "From: …" of such a block."""
    return _FROM_LINE.match(line[:300]) is not None
