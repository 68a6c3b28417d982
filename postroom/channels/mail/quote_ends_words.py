"""What stands at the end of mails by itself, in the languages of mail programs, as regular expressions."""

import re

_GROUP = re.compile(r"\([^()]*\)|\[[^\]]*\]")
# What is no letter for sure: one that may be missing, a class, a placeholder.
_NO_LITERAL = re.compile(r".[?*{][\d,}]*|\\.|[\0.+*?^$()\[\]{}|]")


class _InAnyCase:
    """A pattern in lower case, looked for in the text made lower.

    Python's own (?i) tries every alternative at every letter: eight times as slow on an ordinary mail. Nor is the
    pattern tried at all without the letters that one of its alternatives needs: again twenty times as fast.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)
        self._needed = tuple(map(_longest_literal, _alternatives(pattern)))

    def search(self, text: str) -> re.Match[str] | None:
        text = text.lower()
        return self._pattern.search(text) if any(map(text.__contains__, self._needed)) else None


def _alternatives(pattern: str) -> list[str]:
    """Divide at the bars outside of groups."""
    found, depth = [""], 0
    for sign in pattern:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found


def _longest_literal(alternative: str) -> str:
    """Return letters that every match of these simple patterns holds, "" when there are none: then all is tried."""
    plain, before = alternative, ""
    while plain != before:
        plain, before = _GROUP.sub("\0", plain), plain
    return max(re.split(_NO_LITERAL, plain), key=len)


_DEVICE = (
    r"(?:i[ ]?phon\w*|i[ ]?pad\w*|ipod|android|samsung|galaxy|huawei|xiaomi|nokia|blackberry|pixel|windows phone"
    r"|mobil\w*|handy|smart[ -]?(?:phone|telefon)\w*|telefon\w*|phone|tablet\w*|teléfono|téléphone|telemóvel"
    r"|celular|puhelime\w*|mobiel\w*|gsm|outlook|yahoo|gmail|proton ?mail|proton|\bmail\b|gmx|web\.de|thunderbird"
    r"|airmail|spark|fairphone|телефон\w*|смартфон\w*|устройств\w*|почт\w*|スマートフォン|手机|手機)"
)
_SENT = (
    "sent (?:securely )?(?:from|with|via|using|by)|gesendet (?:von|mit|über|aus)|von (?:meinem|unterwegs)"
    "|diese nachricht wurde von|envoyé (?:de|depuis|à partir|avec|via)|enviado (?:desde|con|do|de|a partir|com|via)"
    "|inviato (?:da|dal|con|tramite)|verzonden (?:vanaf|vanuit|met|via|door)|verstuurd (?:vanaf|vanuit|met|via)"
    "|wysłan[eoa] (?:z|za pomocą|przez)|skickat (?:från|med|via)|skickades från|sendt (?:fra|med|via)|lähetetty"
    "|odesláno (?:z|pomocí|přes)|odoslané z|отправлено (?:с|из|через|от)|послано с|发自我的|来自|來自|发自|從我的"
    "|从我的|寄自|傳送自|傳自"
)
_GET = (
    "(?:(?:get|download|holen sie sich|télécharger|téléchargez|obtenir|obtenez|obtener|descargar|scarica|ottieni"
    "|obter|descarregar|baixar|pobierz|hämta|skaffa|hent|få|hanki|získat|získejte|stáhnout|скачать|скачайте|获取|取得)"
    "(?: o| program)?)?"
)
# A whole line, and nothing else on it: "Sent from my iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>".
MOBILE = re.compile(
    rf"(?i)[\s>*_\-–—]*+(?:(?:{_SENT})[^.!?\n]{{0,60}}?{_DEVICE}[^.!?:\n]{{0,40}}"
    rf"|{_GET}[^.!?\n]{{0,12}}outlook[^.!?\n]{{1,40}}(?:ios|android|windows|mac)\b[^.!?\n<]{{0,20}}"
    r"|获取适用于 ?\w{1,10} ?的 ?outlook|\S{1,30}から送信)"
    r"\s*(?:<[^>\s]{0,200}>|\[[^\]\s]{0,200}\]|https?://\S{1,200})?[\s.*_\-–—]*"
)

# Of these three groups a legal notice names two: it is secret, it is for somebody, and others should do something.
SECRET = _InAnyCase(
    r"confidential|privileged|vertraulich|geheimhaltung|confidentiel|confidencial|reservad|riservat"
    r"|confidenzial"
    r"|vertrouwelijk|poufn|konfidentiell|konfidenciel|fortrolig|luottamuksell|konfidensiell|taushets|důvěrn|dôvern"
    r"|конфиденциал|機密|秘密|保密|机密"
)
RECIPIENT = _InAnyCase(
    r"intended (?:only|solely|exclusively|for|recipient)|addressee|unauthori[sz]ed"
    r"|received (?:this|it).{0,40}(?:error|mistake)"
    r"|bestimmte\w* (?:empfänger|adressat)|richtige\w* (?:empfänger|adressat)|rechtmäßige\w* (?:empfänger|adressat)"
    r"|adressat|unbefugt|irrtümlich"
    r"|versehentlich"
    r"|destinataire|par erreur|exclusivement|destinatari[oa]|por error|per errore|esclusivamente|geadresseerde"
    r"|abusievelijk"
    r"|onbevoegd|uitsluitend bestemd|destinatári|por engano|por erro|adresat|omyłkow|wyłącznie dla|avsedd"
    r"|mottagar|av misstag"
    r"|modtager|ved en fejl|vastaanottaj|tarkoitettu|erehdyk|mottaker|ved en feil|adresát|příjemc|omylem"
    r"|адресат|получател"
    r"|по ошибке|受信者|宛先|誤って|誤送信|收件人|误收|誤收|誤寄"
)
ACTION = _InAnyCase(
    r"notify|delet(?:e|ing)|destroy|disclos|copying|distribut|disseminat|prohibit|vernicht|lösch"
    r"|weitergabe|informieren sie"
    r"|supprim|détrui|divulg|prévenir|elimin|borr[ae]|notifi|prohibid|cancell|distrugg|diffusion|vietat"
    r"|verwijder|vernietig"
    r"|verspreid|apag|destru|proibid|usuni|zniszcz|rozpowszech|powiadom|radera|förstör|spridning|meddela|slet"
    r"|ødelæg|underret"
    r"|videregiv|poista|hävit|ilmoit|kielletty|slett|smaž|vymaž|zničt|šíření|zakáz|удал|уничтож|распростран"
    r"|запрещ|сообщит"
    r"|削除|破棄|禁|删除|刪除|销毁|銷毀"
)
# Said beside such a notice.
BESIDE = _InAnyCase(
    r"consider the environment|before printing|virus|liability|umwelt|ausdrucken|haftung|environnement|imprimer"
    r"|medio ambiente|imprimir|rispetta l'ambiente|stampare|denk aan het milieu|aansprakelijk|środowisk|miljö|miljø"
    r"|ympäristö|životní prostředí|окружающ|環境|环境|registered (?:office|in england)"
    r"|company (?:number|registration)"
)
