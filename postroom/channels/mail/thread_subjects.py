"""What a subject says about the thread: forwarded, answered, or too common to say anything."""

import re

from postroom.channels.mail.forwarded import forwarded_in
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.subjects import base_subject, is_either_subject, is_forward_subject, is_reply_subject

# Subjects of these words alone are written by everybody about everything.
_COMMON = frozenset(
    "a about an and are at de der die das du een en et het il la le les los of on our the this to un une your "
    "hello hi hey dear mail email message question questions quick query help support info information request "
    "problem issue order orders invoice invoices urgent important please contact test update reminder feedback "
    "complaint delivery return returns refund offer quote appointment thanks thank you new form website "
    "bonjour question demande aide urgent commande commandes facture factures problème probleme renseignement "
    "renseignements merci livraison retour devis contact rendez vous réclamation "
    "hallo dag vraag vragen hulp bestelling bestellingen factuur facturen klacht levering offerte dringend bedankt "
    "frage fragen anfrage hilfe bestellung bestellungen rechnung rechnungen problem lieferung angebot danke termin "
    "hola pregunta consulta ayuda pedido pedidos factura facturas problema entrega gracias presupuesto urgente cita "
    "ciao buongiorno domanda richiesta aiuto ordine ordini fattura fatture consegna preventivo grazie urgente "
    "olá ola pergunta ajuda encomenda fatura obrigado orçamento "
    "pytanie pomoc zamówienie faktura dziękuję hej fråga hjälp beställning faktura tack spørgsmål hjælp ordre tak "
    "kysymys apua tilaus lasku kiitos spørsmål hjelp takk dotaz pomoc objednávka faktura děkuji "
    "вопрос помощь заказ счёт счет спасибо 質問 お問い合わせ 注文 请求 咨询 订单 问题".split()
)
_WORD = re.compile(r"[^\W_]+(?:[-_./][^\W_]+)*")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|(?:19|20)\d\d")


def same_subject(one: str, other: str) -> bool:
    """Tell whether two subjects are the same but for the marks of answers and forwards, and letters' case."""
    first = base_subject(one).casefold()
    return bool(first) and first == base_subject(other).casefold()


def is_forward(parsed: Parsed) -> bool:
    """Tell whether the mail hands another mail on instead of answering it."""
    if is_either_subject(parsed.subject):
        return forwarded_in(parsed) is not None
    # Thunderbird says so, and puts what it forwards into References as well.
    return is_forward_subject(parsed.subject) or bool(parsed.header("X-Forwarded-Message-Id"))


def is_answer(parsed: Parsed) -> bool:
    """Tell whether the subject starts like an answer's."""
    return is_reply_subject(parsed.subject)


def is_common(subject: str) -> bool:
    """Tell whether this subject is empty, or so general that two mails of one sender may well mean different things."""
    words = [word.casefold() for word in _WORD.findall(base_subject(subject))]
    return all(word in _COMMON or (word.isdigit() and len(word) < 3) for word in words)


def is_reference(subject: str) -> bool:
    """Tell whether the subject names one certain thing by a number: `[#4711]`, `RMA-2031`, `4500123`."""
    base = base_subject(subject)
    if re.search(r"#\s?\d{2}|\[[^\]]*\d{2}[^\]]*\]", base):
        return True
    words = [word for word in _WORD.findall(base) if not _DATE.fullmatch(word)]
    digits = [(word, sum(letter.isdigit() for letter in word)) for word in words]
    return any(n >= 5 or (n >= 2 and len(word) >= 5 and not word.isdigit()) for word, n in digits)
