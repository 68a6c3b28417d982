"""How programs that answer for absent people begin subjects and texts. Weak evidence: people say it, too."""

import re

# As Outlook, Exchange, Gmail, Notes and the vacation programs of providers put it, mostly before the answered subject.
_SUBJECT = re.compile(
    r"^\W*(?:(?:re|aw|sv|vs|antw)\s*:\s*)?(?:"
    r"auto(?:matic|mated|matische|matisch|matyczna|matisk|maattinen|matick[áé]|mat)?[\s_-]?(?:e-?mail\s)?"
    r"(?:reply|response|antwoord|antwort|svar|vastaus|odpověď|odpoveď|odpowiedź|válasz|answer)\b"
    r"|autoreply|auto-?response|autosvar|autoodpowied[źz]|auto:"
    r"|out[ -]of[ -](?:the )?office|away from (?:the|my) (?:office|desk)|vacation (?:reply|message|response|notice)"
    r"|(?:i am|i'm|on) (?:currently )?(?:on )?(?:vacation|holiday|leave)\b|absence (?:notice|notification)"
    r"|abwesenheit(?:snotiz|sassistent|snachricht|smeldung)?\b|nicht im (?:büro|haus)"
    r"|bin (?:zur ?zeit |derzeit )?abwesend|réponse automatique|absence du bureau|absen(?:t|ce)\s*(?::|\()"
    r"|message d'absence|notification d'absence"
    r"|respuesta automática|fuera de (?:la )?oficina|ausencia de la oficina|ausente\s*:"
    r"|risposta automatica|fuori (?:sede|ufficio)|assenza dall'ufficio"
    r"|afwezig(?:heid)?(?:sassistent|sbericht)?\b|niet op kantoor"
    r"|resposta automática|ausência (?:do escritório|temporária)|fora do escritório"
    r"|frånvaro|inte på kontoret|fraværs|fraværende|ikke på kontoret|ikke til ?stede|poissa\b|poissaolo"
    r"|nieobecno|poza biurem|mimo kancel|v nepřítomnosti|nepřítomnost|automatická odpověď"
    r"|távol(?:lét|i)|irodán kívül|automatikus válasz|răspuns automat|absent din birou|автоматичен отговор"
    r"|автоответ|автоматический ответ|автоматична відповідь|отсутстви|вне офиса|αυτόματη απάντηση|εκτός γραφείου"
    r"|otomatik (?:yanıt|cevap)|ofis dışında|תשובה אוטומטית|מחוץ למשרד|رد تلقائي|خارج المكتب"
    r"|自動返信|自動応答|不在(?:通知|のお知らせ)|自动(?:回复|答复)|自動(?:回覆|答覆)|外出|부재중"
    r"|자동 ?(?:회신|응답)|trả lời tự động)",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"out of (?:the )?office|away from (?:the|my) (?:office|desk|e-?mail)|on (?:annual |parental |maternity |sick )?"
    r"(?:leave|vacation|holidays?)\b|limited access to (?:my )?e-?mails?|will (?:be back|return|not be (?:in|reading))"
    r"|back in the office|automatic(?:ally)? (?:generated )?(?:reply|response|message)"
    r"|auto(?:mated)?[ -]?(?:reply|response)"
    r"|nicht im (?:büro|haus)|(?:bin|sind) (?:\w+ ){0,4}(?:abwesend|im urlaub|nicht erreichbar|wieder erreichbar)"
    r"|automatisch (?:erstellt|generiert|erzeugt)|abwesenheit|wieder (?:im büro|für sie da)"
    r"|absente? (?:du bureau|jusqu|du|de)|en (?:congés?|vacances)|de retour (?:le|au)|message automatique"
    r"|fuera de la oficina|de vacaciones|mensaje automático|estaré de vuelta|ausente"
    r"|fuori (?:ufficio|sede)|in ferie|messaggio automatico|assente"
    r"|niet op kantoor|met (?:vakantie|verlof)|afwezig|automatisch (?:bericht|antwoord)"
    r"|fora do escritório|de férias|mensagem automática"
    r"|inte på (?:kontoret|plats)|på semester|tillbaka den|föräldraledig|på ferie|fraværende|lomalla|poissa toimistolta"
    r"|na urlopie|poza biurem|nieobecn|mimo kancelář|na dovolené|nepřítom"
    r"|в отпуске|вне офиса|отсутству|автоматическ|у відпустці|відсутн"
    r"|不在に|休暇|外出(?:し|中)|自動(?:返信|送信)|休假|外出|不在办公室|自动回复|부재중|휴가",
    re.IGNORECASE,
)


def is_away_subject(subject: str) -> bool:
    """Tell whether a subject begins as those of out-of-office notes and automatic answers do."""
    return _SUBJECT.match(subject[:300]) is not None


def is_away_text(text: str) -> bool:
    """Tell whether a text speaks of absence near its beginning."""
    return _TEXT.search(text[:1500]) is not None
