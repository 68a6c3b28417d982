"""What mail programs write around a quote, by language: each line as the program writes it."""

# ruff: noqa: E501  (lines as they come)

LANGUAGES = ("en", "fr", "es", "de", "it", "nl", "pt", "pl", "sv", "da", "fi", "nb", "cs", "ru", "ja", "zh")
_V = "Velo Support"
_A = "support@velo.example"

# "On … wrote:" of Gmail, Apple Mail and Thunderbird.
ATTRIBUTIONS = {
    "gmail": {
        "en": f"On Mon, Nov 16, 2026 at 9:12 AM {_V} <{_A}> wrote:",
        "fr": f"Le lun. 16 nov. 2026 à 09:12, {_V} <{_A}> a écrit :",
        "es": f"El lun, 16 nov 2026 a las 9:12, {_V} (<{_A}>) escribió:",
        "de": f"Am Mo., 16. Nov. 2026 um 09:12 Uhr schrieb {_V} <{_A}>:",
        "it": f"Il giorno lun 16 nov 2026 alle ore 09:12 {_V} <{_A}> ha scritto:",
        "nl": f"Op ma 16 nov 2026 om 09:12 schreef {_V} <{_A}>:",
        "pt": f"Em seg., 16 de nov. de 2026 às 09:12, {_V} <{_A}> escreveu:",
        "pl": f"pon., 16 lis 2026 o 09:12 {_V} <{_A}> napisał(a):",
        "sv": f"Den mån 16 nov. 2026 kl 09:12 skrev {_V} <{_A}>:",
        "da": f"Den man. 16. nov. 2026 kl. 09.12 skrev {_V} <{_A}>:",
        "fi": f"ma 16. marrask. 2026 klo 9.12 {_V} ({_A}) kirjoitti:",
        "nb": f"man. 16. nov. 2026 kl. 09:12 skrev {_V} <{_A}>:",
        "cs": f"po 16. 11. 2026 v 9:12 odesílatel {_V} <{_A}> napsal:",
        "ru": f"пн, 16 нояб. 2026 г. в 09:12, {_V} <{_A}>:",
        "ja": f"2026年11月16日(月) 9:12 {_V} <{_A}>:",
        "zh": f"{_V} <{_A}> 于2026年11月16日周一 09:12写道：",
    },
    "apple": {
        "en": f"On 16 Nov 2026, at 09:12, {_V} <{_A}> wrote:",
        "fr": f"Le 16 nov. 2026 à 09:12, {_V} <{_A}> a écrit :",
        "es": f"El 16 nov 2026, a las 9:12, {_V} <{_A}> escribió:",
        "de": f"Am 16.11.2026 um 09:12 schrieb {_V} <{_A}>:",
        "it": f"Il giorno 16 nov 2026, alle ore 09:12, {_V} <{_A}> ha scritto:",
        "nl": f"Op 16 nov 2026, om 09:12 heeft {_V} <{_A}> het volgende geschreven:",
        "pt": f"No dia 16/11/2026, às 09:12, {_V} <{_A}> escreveu:",
        "pl": f"Wiadomość napisana przez {_V} <{_A}> w dniu 16 lis 2026, o godz. 09:12:",
        "sv": f"16 nov. 2026 kl. 09:12 skrev {_V} <{_A}>:",
        "da": f"Den 16. nov. 2026 kl. 09.12 skrev {_V} <{_A}>:",
        "fi": f"{_V} <{_A}> kirjoitti 16.11.2026 kello 9.12:",
        "nb": f"16. nov. 2026 kl. 09:12 skrev {_V} <{_A}>:",
        "cs": f"16. 11. 2026 v 9:12, {_V} <{_A}>:",
        "ru": f"16 нояб. 2026 г., в 09:12, {_V} <{_A}> написал(а):",
        "ja": f"2026/11/16 9:12、{_V} <{_A}>のメール:",
        "zh": f"在 2026年11月16日，09:12，{_V} <{_A}> 写道：",
    },
    "thunderbird": {
        "en": f"On 16/11/2026 09:12, {_V} wrote:",
        "fr": f"Le 16/11/2026 à 09:12, {_V} a écrit :",
        "es": f"El 16/11/26 a las 9:12, {_V} escribió:",
        "de": f"Am 16.11.26 um 09:12 schrieb {_V}:",
        "it": f"Il 16/11/26 09:12, {_V} ha scritto:",
        "nl": f"Op 16-11-2026 om 09:12 schreef {_V}:",
        "pt": f"Às 09:12 de 16/11/2026, {_V} escreveu:",
        "pl": f"W dniu 16.11.2026 o 09:12, {_V} pisze:",
        "sv": f"Den 2026-11-16 kl. 09:12, skrev {_V}:",
        "da": f"Den 16.11.2026 kl. 09.12 skrev {_V}:",
        "fi": f"{_V} kirjoitti 16.11.2026 klo 9.12:",
        "nb": f"Den 16.11.2026 09:12, skrev {_V}:",
        "cs": f"Dne 16. 11. 26 v 9:12 {_V} napsal(a):",
        "ru": f"16.11.2026 09:12, {_V} пишет:",
        "ja": f"2026/11/16 9:12、{_V} さんは書きました:",
        "zh": f"在 2026/11/16 9:12, {_V} 写道:",
    },
    "yahoo": {
        "en": f"On Monday, November 16, 2026 at 09:12:00 AM GMT+1, {_V} <{_A}> wrote:",
        "fr": f"Le lundi 16 novembre 2026 à 09:12:00 UTC+1, {_V} <{_A}> a écrit :",
        "es": f"En lunes, 16 de noviembre de 2026, 09:12:00 CET, {_V} <{_A}> escribió:",
        "de": f"Am Montag, 16. November 2026 um 09:12:00 MEZ hat {_V} <{_A}> Folgendes geschrieben:",
        "it": f"Il lunedì 16 novembre 2026 alle ore 09:12:00 CET, {_V} <{_A}> ha scritto:",
        "nl": f"Op maandag 16 november 2026 om 09:12:00 CET schreef {_V} <{_A}>:",
        "pt": f"Em segunda-feira, 16 de novembro de 2026 às 09:12:00 BRT, {_V} <{_A}> escreveu:",
        "pl": f"W dniu poniedziałek, 16 listopada 2026 09:12:00 CET użytkownik {_V} <{_A}> napisał:",
        "sv": f"Den måndag 16 november 2026 09:12:00 CET, {_V} <{_A}> skrev:",
        "da": f"Den mandag den 16. november 2026 09.12.00 CET skrev {_V} <{_A}>:",
        "fi": f"maanantai 16. marraskuuta 2026 klo 9.12.00 UTC+2 {_V} <{_A}> kirjoitti:",
        "nb": f"På mandag 16. november 2026 kl. 09:12:00 CET skrev {_V} <{_A}>:",
        "cs": f"Dne pondělí 16. listopadu 2026 9:12:00 SEČ, {_V} <{_A}> napsal(a):",
        "ru": f"понедельник, 16 ноября 2026 г., 09:12:00 GMT+3, {_V} <{_A}> написал(а):",
        "ja": f"2026年11月16日 月曜日 09:12:00 JST, {_V} <{_A}> が書きました:",
        "zh": f"在2026年11月16日星期一 09:12:00 [GMT+8]，{_V}<{_A}> 写道：",
    },
    "proton": {
        "en": f"On Monday, November 16th, 2026 at 09:12, {_V} <{_A}> wrote:",
        "fr": f"Le lundi 16 novembre 2026 à 09:12, {_V} <{_A}> a écrit :",
        "es": f"El lunes, 16 de noviembre de 2026 a las 9:12, {_V} <{_A}> escribió:",
        "de": f"{_V} <{_A}> schrieb am Montag, 16. November 2026 um 09:12:",
        "it": f"Il lunedì 16 novembre 2026 alle ore 09:12, {_V} <{_A}> ha scritto:",
        "nl": f"Op maandag 16 november 2026 om 09:12 schreef {_V} <{_A}>:",
        "pt": f"Em segunda-feira, 16 de novembro de 2026 às 09:12, {_V} <{_A}> escreveu:",
        "pl": f"W dniu poniedziałek, 16 listopada 2026 o 09:12 {_V} <{_A}> napisał(a):",
        "sv": f"Måndag 16 november 2026 kl. 09:12 skrev {_V} <{_A}>:",
        "da": f"Mandag d. 16. november 2026 kl. 09.12 skrev {_V} <{_A}>:",
        "fi": f"maanantai 16. marraskuuta 2026 klo 9.12, {_V} <{_A}> kirjoitti:",
        "nb": f"Mandag 16. november 2026 kl. 09:12, skrev {_V} <{_A}>:",
        "cs": f"Dne pondělí 16. listopadu 2026 v 9:12, {_V} <{_A}> napsal(a):",
        "ru": f"понедельник, 16 ноября 2026 г. в 09:12, {_V} <{_A}> написал(а):",
        "ja": f"2026年11月16日 月曜日 9:12、{_V} <{_A}> が書いたメール:",
        "zh": f"在 2026年11月16日 星期一 09:12，{_V} <{_A}> 写道：",
    },
}

# From, sent, to, subject of Outlook's block.
HEADERS = {
    "en": ("From", "Sent", "To", "Subject"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado el", "Para", "Asunto"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "pt": ("De", "Enviado", "Para", "Assunto"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "da": ("Fra", "Sendt", "Til", "Emne"),
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "nb": ("Fra", "Sendt", "Til", "Emne"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
}

ORIGINALS = {
    "en": "Original Message", "fr": "Message d'origine", "es": "Mensaje original", "de": "Ursprüngliche Nachricht",
    "it": "Messaggio originale", "nl": "Oorspronkelijk bericht", "pt": "Mensagem original",
    "pl": "Oryginalna wiadomość", "sv": "Ursprungligt meddelande", "da": "Oprindelig meddelelse",
    "fi": "Alkuperäinen viesti", "nb": "Opprinnelig melding", "cs": "Původní zpráva", "ru": "Исходное сообщение",
    "ja": "元のメッセージ", "zh": "原始邮件",
}  # fmt: skip

FORWARDS = {
    "en": "Forwarded message", "fr": "Message transféré", "es": "Mensaje reenviado", "de": "Weitergeleitete Nachricht",
    "it": "Messaggio inoltrato", "nl": "Doorgestuurd bericht", "pt": "Mensagem encaminhada",
    "pl": "Przekazana wiadomość", "sv": "Vidarebefordrat meddelande", "da": "Videresendt meddelelse",
    "fi": "Välitetty viesti", "nb": "Videresendt melding", "cs": "Přeposlaná zpráva", "ru": "Пересылаемое сообщение",
    "ja": "転送メッセージ", "zh": "转发的邮件",
}  # fmt: skip

# Apple's "Sent from my iPhone" and Outlook's "Get Outlook for iOS".
MOBILE = {
    "en": ("Sent from my iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Sent with Proton Mail secure email."),
    "fr": ("Envoyé de mon iPhone", "Télécharger Outlook pour iOS<https://aka.ms/o0ukef>", "Envoyé depuis Yahoo Mail"),
    "es": ("Enviado desde mi iPhone", "Obtener Outlook para iOS<https://aka.ms/o0ukef>", "Enviado desde mi Samsung"),
    "de": ("Von meinem iPhone gesendet", "Outlook für iOS herunterladen", "Gesendet mit der GMX Mail App"),
    "it": ("Inviato da iPhone", "Scarica Outlook per iOS<https://aka.ms/o0ukef>", "Inviato dal mio telefono Android"),
    "nl": ("Verstuurd vanaf mijn iPhone", "Outlook voor iOS downloaden", "Verzonden vanaf mijn Samsung Galaxy"),
    "pt": ("Enviado do meu iPhone", "Obter o Outlook para iOS<https://aka.ms/o0ukef>", "Enviado via Proton Mail"),
    "pl": ("Wysłane z iPhone'a", "Pobierz program Outlook dla systemu iOS", "Wysłano z telefonu Samsung"),
    "sv": ("Skickat från min iPhone", "Hämta Outlook för iOS<https://aka.ms/o0ukef>", "Skickat från min Galaxy"),
    "da": ("Sendt fra min iPhone", "Hent Outlook til iOS<https://aka.ms/o0ukef>", "Sendt fra min Samsung"),
    "fi": ("Lähetetty iPhonesta", "Hanki Outlook for iOS<https://aka.ms/o0ukef>", "Lähetetty Samsung-puhelimesta"),
    "nb": ("Sendt fra min iPhone", "Få Outlook for iOS<https://aka.ms/o0ukef>", "Sendt fra min Samsung-telefon"),
    "cs": ("Odesláno z iPhonu", "Získat Outlook pro iOS<https://aka.ms/o0ukef>", "Odesláno z mobilního telefonu"),
    "ru": ("Отправлено с iPhone", "Скачать Outlook для iOS<https://aka.ms/o0ukef>", "Отправлено из мобильной Почты"),
    "ja": ("iPhoneから送信", "Outlook for iOS を入手<https://aka.ms/o0ukef>", "Androidのスマートフォンから送信"),
    "zh": ("发自我的 iPhone", "获取适用于 iOS 的 Outlook<https://aka.ms/o0ukef>", "发自我的手机"),
}

NOTICES = {
    "en": "This e-mail and any attachments are confidential and intended solely for the addressee. If you have received "
    "it in error, please notify the sender and delete it. Any copying or disclosure is prohibited.",
    "fr": "Ce message et ses pièces jointes sont confidentiels et établis à l'attention exclusive de leur destinataire. "
    "Si vous l'avez reçu par erreur, merci de le détruire et d'en avertir l'expéditeur.",
    "es": "Este mensaje y sus archivos adjuntos son confidenciales y están dirigidos únicamente a su destinatario. Si lo "
    "ha recibido por error, le rogamos que lo elimine y lo notifique al remitente.",
    "de": "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind oder diese E-Mail "
    "irrtümlich erhalten haben, informieren Sie bitte den Absender und vernichten Sie diese Mail.",
    "it": "Questo messaggio contiene informazioni riservate destinate esclusivamente al destinatario. Se lo avete "
    "ricevuto per errore, vi preghiamo di cancellarlo e di avvisare il mittente.",
    "nl": "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Indien u dit bericht abusievelijk "
    "heeft ontvangen, verzoeken wij u het te verwijderen en de afzender te informeren.",
    "pt": "Esta mensagem é confidencial e destina-se exclusivamente ao seu destinatário. Se a recebeu por engano, por "
    "favor elimine-a e informe o remetente.",
    "pl": "Niniejsza wiadomość jest poufna i przeznaczona wyłącznie dla adresata. Jeżeli otrzymali ją Państwo omyłkowo, "
    "prosimy o powiadomienie nadawcy i usunięcie wiadomości.",
    "sv": "Detta meddelande är konfidentiellt och endast avsett för mottagaren. Om du fått det av misstag, vänligen "
    "meddela avsändaren och radera meddelandet.",
    "da": "Denne e-mail er fortrolig og kun beregnet til modtageren. Hvis du har modtaget den ved en fejl, bedes du "
    "underrette afsenderen og slette den.",
    "fi": "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle. Jos olet saanut viestin erehdyksessä, "
    "ilmoita siitä lähettäjälle ja poista viesti.",
    "nb": "Denne e-posten er konfidensiell og kun ment for mottakeren. Dersom du har mottatt den ved en feil, "
    "vennligst gi beskjed til avsender og slett den.",
    "cs": "Tato zpráva je důvěrná a určena pouze jejímu adresátovi. Pokud jste ji obdrželi omylem, informujte prosím "
    "odesílatele a zprávu smažte.",
    "ru": "Данное сообщение является конфиденциальным и предназначено только адресату. Если вы получили его по ошибке, "
    "просим сообщить отправителю и удалить его.",
    "ja": "このメールには機密情報が含まれている場合があり、宛先の方のみを対象としています。"
    "誤って受信された場合は、送信者に連絡の上、削除してください。",
    "zh": "本邮件及其附件含有保密信息，仅限于发送给指定的收件人。如您误收本邮件，请立即通知发件人并删除本邮件，禁止转发。",
}

ANSWERS = {
    "en": "Thank you, that helped.", "fr": "Merci, cela m'a aidée.", "es": "Gracias, eso me ayudó.",
    "de": "Danke, das hat geholfen.", "it": "Grazie, mi è stato utile.", "nl": "Dank u, dat hielp.",
    "pt": "Obrigada, isso ajudou.", "pl": "Dziękuję, to pomogło.", "sv": "Tack, det hjälpte.", "da": "Tak, det hjalp.",
    "fi": "Kiitos, siitä oli apua.", "nb": "Takk, det hjalp.", "cs": "Děkuji, to pomohlo.", "ru": "Спасибо, помогло.",
    "ja": "ありがとうございます。解決しました。", "zh": "谢谢，问题解决了。",
}  # fmt: skip
