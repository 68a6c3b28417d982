"""The words around quotes in the languages of mail programs, as alternatives of regular expressions."""


def _any(*words: str) -> str:
    return "|".join(word for line in words for word in line.split(", "))


# The verb of the line that says who wrote.
WROTE = _any(
    "wrote, writes, said, schrieb, geschrieben, schreibt, a écrit, écrit, a ecrit, escribió, escribio, escreveu",
    "scritto, scrisse",
    "schreef, geschreven, skrev, skrifaði, kirjoitti, napisał\\(?a?\\)?, napisała, pisze, napisał, napsal\\(?a?\\)?",
    "napísal\\(?a?\\)?",
    "написал\\(?а?\\)?, пише, написав, написала, пишет, написа, έγραψε, a scris, írta, yazdı, şunu yazdı",
    "đã viết, viết, menulis",
    "เขียน, כתב/?ה?, كتب, rašė, rakstīja, kirjutas, je napisao",
    "je napisala, va escriure, ha scritto",
    "idatzi zuen, γράφει, napisao/la,님이 작성",
)
WROTE_CLOSE = "写道|寫道|のメール|書きました|が書いた|作成"
# The first word of such a line.
LEADS = _any(
    "on, le, am, el, il, op, den, em, no dia, dnia, w dniu, dne, dňa, pe, på, a\\(z\\), într-o, on\\s, vào, pada",
    "ב, في, tarihinde",
    "mon, tue, wed, thu, fri, sat, sun, monday, tuesday, wednesday, thursday, friday, saturday, sunday, в, у, на",
    "στις, at, ti, ke, lør, søn",
)
ORIGINAL = _any(
    "original[ -]message, original nachricht, ursprüngliche nachricht, originalnachricht",
    "original message appended, reply message",
    "message d'origine, message original, mensaje original, messaggio originale, mensagem original, original e-?mail",
    "oorspronkelijk(?:e)? bericht, originalmeddelande, ursprungligt meddelande, oprindelig meddelelse",
    "original meddelelse",
    "opprinnelig melding, alkuperäinen viesti, oryginalna wiadomość, wiadomość oryginalna, původní zpráva",
    "původní e-mail",
    "исходное сообщение, оригинальное сообщение, вихідне повідомлення, 原始邮件, 原始郵件, 元のメッセージ",
    "원본 메시지, eredeti üzenet",
    "orijinal ileti, orijinal mesaj, mesaj original, mesajul original, αρχικό μήνυμα, pôvodná správa",
    "izvorna poruka, missatge original",
)
# "---------- Forwarded message ---------"
FORWARDED = _any(
    "forwarded message, forwarded by .*, weitergeleitete nachricht, weitergeleitete e-mail, message transféré",
    "mensaje reenviado",
    "messaggio inoltrato, doorgestuurd bericht, mensagem encaminhada, mensagem reencaminhada",
    "vidarebefordrat meddelande",
    "videresendt (?:meddelelse|melding|besked), välitetty viesti, edelleenlähetetty viesti, przekazana wiadomość",
    "wiadomość przekazana",
    "přeposlaná zpráva, přeposlaný e-mail, пересылаемое сообщение, переслане повідомлення, 转发的邮件, 轉寄郵件",
    "転送メッセージ",
    "전달된 메시지, továbbított (?:üzenet|levél), iletilen (?:ileti|mesaj), yönlendirilen ileti",
    "προωθημένο μήνυμα, mesaj redirecționat",
)
# Apple's way to say that a forwarded mail begins.
INTRODUCED = _any(
    "begin forwarded message, anfang der weitergeleiteten (?:nachricht|e-mail)",
    "début du message (?:réexpédié|transféré)",
    "inizio messaggio inoltrato, inicio del mensaje reenviado, início da mensagem (?:re)?encaminhada",
    "begin doorgestuurd bericht",
    "vidarebefordrat mejl, vidarebefordrat brev, videresendt besked, start på videresendt melding",
    "välitetty viesti alkaa",
    "początek przekazywanej wiadomości, začátek přeposílané zprávy, начало пересылаемого сообщения",
    "下面是被转发的邮件, 開始轉寄訊息",
    "転送されたメッセージ, 전달된 메시지 시작, továbbított levél kezdete, iletilen ileti başlangıcı",
)
FROM = _any(
    "from, von, de, da, fra, från, van, od, lähettäjä, от, від, feladó, kimden, gönderen, 发件人, 寄件者, 寄件人",
    "差出人, 보낸 사람",
    "보낸사람, από, expéditeur, mittente, od kogo, remitente, desde, expeditor, de la, מאת, من, message du",
    "avsändare, afsender",
)
OTHER_FIELDS = _any(
    "sent, date, to, cc, bcc, subject, reply-to, importance, gesendet, gesendet am, datum, an, betreff, envoyé",
    "envoyé le, à, a, objet, sujet",
    "copie à, cci, enviado, enviado el, enviado em, fecha, para, asunto, inviato, data, oggetto, verzonden, aan",
    "onderwerp, enviada em",
    "enviada, assunto, skickat, till, ämne, sendt, til, emne, dato, wysłano, do, dw, temat, lähetetty",
    "vastaanottaja, aihe, päiväys",
    "odesláno, komu, kopie, předmět, predmet, odoslané, отправлено, дата, кому, тема, копия, надіслано, копія",
    "发送时间, 日期, 收件人, 抄送",
    "主题, 寄件日期, 收件者, 主旨, 副本, 送信日時, 日時, 日付, 宛先, 件名, 보낸 날짜, 날짜, 받는 사람, 받는사람",
    "제목, 참조, elküldve, dátum, címzett",
    "tárgy, gönderilme, tarih, kime, konu, bilgi, ημερομηνία, προς, θέμα, trimis, către, subiect, נשלח, אל, נושא",
    "תאריך",
)  # fmt: skip
SUBJECTS = _any(
    "subject, betreff, objet, sujet, asunto, oggetto, onderwerp, assunto, ämne, emne, temat, aihe, předmět",
    "predmet, тема, 主题, 主旨, 件名",
    "제목, tárgy, konu, θέμα, subiect, נושא, الموضوع, fwd, re, assumpte, gaia",
)
TO = _any(
    "to, an, à, a, para, aan, till, til, do, vastaanottaja, komu, кому, 收件人, 收件者, 宛先, 받는 사람",
    "받는사람, címzett, kime, alıcı, προς, către",
    "אל, إلى, per a",
)
