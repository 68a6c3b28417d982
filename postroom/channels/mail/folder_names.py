"""What mail programs call a folder for one purpose, where the server does not say (RFC 6154 does, with flags)."""

SENT = "sent"
ARCHIVE = "archive"
JUNK = "junk"
TRASH = "trash"

# The last part of a folder's name, in lower case: English, French, Spanish, German, Italian, Dutch, Portuguese, Polish,
# Swedish, Danish, Norwegian, Finnish, Czech, Russian, Ukrainian, Hungarian, Romanian, Greek, Turkish, Japanese,
# Chinese, Korean, as Outlook, Thunderbird, Apple Mail, Roundcube and the larger providers write them.
_NAMES = {
    SENT: """
        sent | sent items | sent mail | sent messages | sent-mail | sent objects | sentmail | outgoing mail
        envoyés | éléments envoyés | messages envoyés | courrier envoyé | mails envoyés | objets envoyés
        enviados | elementos enviados | correo enviado | mensajes enviados | enviadas | itens enviados
        mensagens enviadas | e-mails enviados | e-mail enviado | gesendet | gesendete elemente | gesendete objekte
        gesendete nachrichten | gesendete mails | inviati | inviata | posta inviata | elementi inviati
        messaggi inviati | verzonden | verzonden items | verzonden berichten | verzonden objecten | verstuurd
        wysłane | elementy wysłane | wysłane elementy | wysłane wiadomości | skickat | skickade | skickade objekt
        skickade meddelanden | sendt | sendte | sendt post | sendte elementer | sendte objekter | sendte meddelelser
        lähetetyt | lähetetyt viestit | lähetetyt kohteet | lähetetty | odeslané | odeslaná pošta | odeslané položky
        odeslané zprávy | отправленные | отправленные элементы | отправленное | надіслані | відправлені
        elküldött | elküldött elemek | elküldött üzenetek | trimise | elemente trimise | mesaje trimise
        απεσταλμένα | σταλμένα | gönderilmiş öğeler | gönderilmiş postalar | gönderilenler | gönderilmiş
        送信済み | 送信済みアイテム | 送信済みメール | 送信済みトレイ | 送信箱 | 已发送 | 已发送邮件
        已发送项目 | 已发邮件 | 已傳送 | 已寄出 | 寄件備份 | 寄件備份匣
        보낸 편지함 | 보낸편지함 | 보낸메일함 | 보낸 메일함
    """,
    ARCHIVE: """
        archive | archives | archived | archived items | all mail | archiv | archivieren | alle nachrichten
        tous les messages | archivo | archivados | todos | archivio | tutti i messaggi | archief | arquivo
        arquivo morto | arquivar | todos os e-mails | archiwum | wszystkie | arkiv | arkisto | архив | архів
        archívum | arhivă | arhiva | αρχειοθήκη | arşiv | アーカイブ | 归档 | 存档 | 封存 | 보관함
    """,
    JUNK: """
        junk | spam | junk e-mail | junk email | junk mail | bulk mail | bulk | courrier indésirable | indésirables
        pourriel | correo no deseado | no deseado | unerwünscht | junk-e-mail | unerwünschte werbung
        posta indesiderata | indesiderata | ongewenste e-mail | ongewenst | lixo eletrônico | lixo electrónico
        wiadomości-śmieci | wiadomości śmieci | skräppost | uønsket mail | uønsket post | søppelpost | roskaposti
        nevyžádaná pošta | nevyžádané | нежелательная почта | спам | небажана пошта | levélszemét | ανεπιθύμητα
        önemsiz e-posta | gereksiz | 迷惑メール | 垃圾邮件 | 垃圾郵件 | 정크 메일 | 스팸메일함
    """,
    TRASH: """
        trash | deleted | deleted items | deleted messages | bin | corbeille | éléments supprimés | messages supprimés
        papelera | elementos eliminados | eliminados | papierkorb | gelöscht | gelöschte elemente | gelöschte objekte
        cestino | posta eliminata | elementi eliminati | prullenbak | verwijderde items | verwijderd | lixeira | lixo
        itens excluídos | itens eliminados | kosz | elementy usunięte | papperskorg | borttaget | borttagna objekt
        papirkurv | slettet post | slettede elementer | slettet | søppel | roskakori | poistetut | poistetut viestit
        koš | odstraněná pošta | odstraněné | корзина | удаленные | удалённые | кошик | lomtár | törölt elemek
        coș de gunoi | κάδος ανακύκλωσης | çöp | çöp kutusu | silinmiş öğeler | ごみ箱 | 削除済みアイテム | 废纸篓
        已删除 | 已删除邮件 | 刪除的郵件 | 垃圾桶 | 휴지통 | 지운 편지함
    """,
}

NAMES: dict[str, frozenset[str]] = {
    purpose: frozenset(name.strip() for line in names.splitlines() for name in line.split("|") if name.strip())
    for purpose, names in _NAMES.items()
}


def purpose_of(name: str) -> str:
    """Return what a folder of this name (its last part) is for, or nothing when the name says nothing."""
    plain = name.strip().casefold()
    return next((purpose for purpose, names in NAMES.items() if plain in names), "")
