"""Failures told in the prose of mail systems that write no RFC 3464 report, each in its own way."""

import pytest

from postroom.channels.mail.parse import parse
from postroom.channels.mail.triage import classify

SYSTEM = "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>"

# What it is, From, Subject, what it says; then the recipients and the status that are in it.
FORMATS: tuple[tuple[str, str, str, str, tuple[str, ...], str], ...] = (
    (
        "sendmail 5", SYSTEM, "Returned mail: User unknown",
        ("   ----- Transcript of session follows -----\nWhile talking to smtp.shop.example:\n"
        ">>> RCPT To:<ann@shop.example>\n<<< 550 <ann@shop.example>, User Unknown\n"
        "550 <ann@shop.example>... User unknown\n\n   ----- Unsent message follows -----\nFrom: us@velo.example\n"),
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "OpenSMTPD", "Mailer Daemon <MAILER-DAEMON@mx.example>", "Delivery status notification: error",
        ("    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred "
        "while attempting to deliver a message for\n    the following list of recipients:\n\n"
        "ann@shop.example: 550 5.2.2 <ann@shop.example>... Mailbox Full\n\n    Below is a copy of the original "
        "message:\n\nFrom: us@velo.example\n"),
        ("ann@shop.example",), "5.2.2",
    ),
    (
        "OpenSMTPD, not yet", "Mailer Daemon <MAILER-DAEMON@mx.example>", "Delivery status notification: warning",
        ("    Hi!\n\n    A message is delayed for more than 4 hours for the following\n    list of recipients:\n\n"
        "ann@shop.example: Connection timeout\n\n    Please note that this is only a temporary failure report.\n"
        "    The message is kept in the queue for up to 4 days.\n    You DO NOT NEED to re-send the message to these "
        "recipients.\n\n    Below is a copy of the original message:\n\nFrom: us@velo.example\n"),
        ("ann@shop.example",), "4.0.0",
    ),
    (
        "Notes", "Postmaster@notes.example", "DELIVERY FAILURE: User ann (ann@shop.example) not listed in Directory",
        ("Your message\n\n  Subject: Order 118\n\nwas not delivered to:\n\n  ann@shop.example\n\nbecause:\n\n"
        "  User ann (ann@shop.example) not listed in Domino Directory\n"),
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "Notes, older", "Postmaster@notes.example", "DELIVERY FAILURE",
        ("------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\nann@shop.example\n\n"
        "------- Returned Message --------\nFrom: us@velo.example\n"),
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "Courier", SYSTEM, "NOTICE: mail delivery status.",
        ("This is a delivery status notification from mx.example,\nrunning the Courier mail server, version 0.65.2.\n\n"
        "The original message was received on Sat, 11 Dec 2010 12:19:57 +0900\nfrom mail.example\n\n"
        "                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:"
        "\n\n<ann@shop.example>:\n    mx.shop.example [192.0.2.5]:\n>>> RCPT TO:<ann@shop.example>\n"
        "<<< 550 5.1.1 <ann@shop.example>... User Unknown\n\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "GMX", "GMX Mailer Daemon <mailer-daemon@gmx.example>", "Mail delivery failed: returning message to sender",
        ("This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered to\none or more of its recipients. This is a permanent error. The following address\nfailed:\n\n"
        '"ann@shop.example":\nSMTP error from remote server after RCPT command:\nhost: mx.shop.example\n'
        "5.1.1 <ann@shop.example>... User Unknown\n\n--- The header of the original message is following. ---\n\n"
        "From: us@velo.example\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "Zoho", "mailer-daemon@mail.zoho.example", "Undelivered Mail Returned to Sender",
        ("This message was created automatically by mail delivery software.\nA message that you sent could not be "
        "delivered to one or more of its recipients. This is a permanent error.\n\n"
        "ann@shop.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <ann@shop.example>... User Unknown\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "X1", "MAILER-DAEMON@mx.example", "Returned Mail: User unknown",
        ("The original message was received at Thu, 29 Apr 2010 23:34:45 +0900 (JST)\nfrom us@velo.example\n\n"
        "---The following addresses had delivery errors---\n\nann@shop.example [User unknown]\n\n"
        "Received: from x1.example\nFrom: us@velo.example\n"),
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "X3", "Mail Delivery System <MAILER-DAEMON@x3.example>", "Delivery status notification",
        ("============================================================================\n"
        "      This message was created automatically by mail delivery software.\n\nA message that you sent could not "
        "be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:"
        "\n\n=> ann@shop.example\nSMTP:RCPT host 192.0.2.20: 553 5.3.0 <ann@shop.example>... No such user here\n\n"
        "============================================================================\nReceived: from x\n"),
        ("ann@shop.example",), "5.3.0",
    ),
    (
        "mFILTER", "Mailer daemon <postmaster@mfilter.example>", "failure notice",
        ("-------server message\r\n550 5.1.1 unknown user <ann@shop.example>\r\n-------original message\r\n"
        "From: us@velo.example\r\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "InterScan", "InterScan MSS <postmaster@scan.example>", "Mail could not be delivered",
        ("Sent >>> RCPT TO: <ann@shop.example>\nReceived <<< 550 5.1.1 unknown user <ann@shop.example>\n\n"
        "Unable to deliver message to <ann@shop.example>\n\n************************************\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "SurfControl", "Mail Server <postmaster@surf.example>", "Message Notification",
        ("Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of "
        "attempts made: 1\nAddressed To: ann@shop.example\n\nThu 29 Apr 2010 23:34:45 +0900\nFailed to send to "
        "identified host,\nann@shop.example: [192.0.2.5], 550 ann@shop.example... No such user\n\n--- Message "
        "non-deliverable.\n"),
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "ActiveHunter", "MAILER-DAEMON@hunter.example", "FAILURE NOTICE :",
        ("  ----- The following addresses had permanent fatal errors -----\n\n>>> ann@shop.example <ann@shop.example>"
        "\n\n  ----- Transcript of session follows -----\n550 sorry, no mailbox here by that name (#5.1.1 - chkusr)\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "MailFoundry", "MAILER-DAEMON@mf.example", "Message delivery has failed",
        ("Unable to deliver message to: <ann@shop.example>\nDelivery failed for the following reason:\n"
        "Server mx.shop.example[192.0.2.222] failed with: 550 <ann@shop.example> No such user here\n\n"
        "This has been a permanent failure.  No further delivery attempts will be made.\n"),
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "DragonFly", "MAILER-DAEMON@df.example", "Mail delivery failed",
        ("This is the DragonFly Mail Agent v0.13 at df.example.\n\nThere was an error delivering your mail to "
        "<ann@shop.example>.\n\nmx.shop.example [192.0.2.25] did not like our RCPT TO:\n550 5.1.1 <ann@shop.example>"
        "... User unknown\n\nMessage headers follow.\n\nReceived: from root\nFrom: us@velo.example\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "Exchange 2010, French", "postmaster@exchange.example", "Non remis : Commande 118",
        ("Échec de la remise à ces destinataires ou listes de distribution :\n\nann@shop.example\nL'adresse de "
        "messagerie que vous avez entrée est introuvable.\n\nDiagnostic pour les administrateurs :\n\n"
        "Serveur : mx.example\n\nann@shop.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "Exchange 2010, German", "postmaster@exchange.example", "Unzustellbar: Bestellung 118",
        ("Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nann@shop.example\nDie "
        "eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\nDiagnoseinformationen für Administratoren:\n\n"
        "ann@shop.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n"),
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "Exchange 5.5", "System Administrator <postmaster@exchange.example>", "Undeliverable: Order 118",
        ("Your message\n\n  To:      Ann\n  Subject: Order 118\n  Sent:    2 Nov 2026 10:00\n\ndid not reach the "
        "following recipient(s):\n\nann@shop.example on Mon, 2 Nov 2026 10:00:02\n    The recipient name is not "
        "recognized\n    MSEXCH:IMS:Shop:Site:SERVER 0 (000C05A6) Unknown Recipient\n"),
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "GroupWise", "Mailer-Daemon <postmaster@gw.example>", "Mail failure",
        "The message that you sent was undeliverable to the following:\n\tann@shop.example (user not found)\n",
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "a Japanese carrier", "Mail Delivery System <MAILER-DAEMON@carrier.example>", "メールエラー: 送信できません",
        "次のあて先にメールを送信できませんでした。\n\n  <ann@shop.example>: 550 Unknown user ann@shop.example\n",
        ("ann@shop.example",), "5.0.0",
    ),
    (
        "a Chinese provider", "PostMaster@provider.example", "系统退信",
        "您的邮件被退回来了\n\n收件人邮件地址：\nann@shop.example\n\n退信原因：\n550 5.1.1 User unknown，投递失败\n",
        ("ann@shop.example",), "5.1.1",
    ),
    (
        "two at once", SYSTEM, "failure notice",
        ("Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<ann@shop.example>:\n550 5.1.1 no such user\n\n<tom@shop.example>:\n552 5.2.2 mailbox full\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <us@velo.example>\n"),
        ("ann@shop.example", "tom@shop.example"), "5.1.1",
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("sender", "subject", "text", "recipients", "status"),
    [one[1:] for one in FORMATS],
    ids=[one[0] for one in FORMATS],
)
def test_each_system_is_understood(
    sender: str, subject: str, text: str, recipients: tuple[str, ...], status: str
) -> None:
    head = f"From: {sender}\nTo: us@velo.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    triage = classify(parse((head + text).encode()))
    assert triage.kind == "bounce"
    assert triage.bounce is not None
    assert (triage.bounce.recipients, triage.bounce.status) == (recipients, status)
    assert triage.bounce.permanent == (status[0] == "5")


def test_recipients_that_only_the_header_names_are_named() -> None:
    raw = (
        f"From: {SYSTEM}\nSubject: Returned mail\nX-Failed-Recipients: ann@shop.example, bo@shop.example\n\n"
        "The mail could not be delivered: user unknown.\n"
    )
    bounce = classify(parse(raw.encode())).bounce
    assert bounce
    assert bounce.recipients == ("ann@shop.example", "bo@shop.example")


def test_each_recipient_has_its_own_reason() -> None:
    head = f"From: {SYSTEM}\nTo: us@velo.example\nSubject: failure notice\n\n"
    bounce = classify(parse((head + FORMATS[-1][3]).encode())).bounce
    assert bounce is not None
    assert [(one.emails, one.status, one.words) for one in bounce.outcomes] == [
        (("ann@shop.example",), "5.1.1", "550 5.1.1 no such user"),
        (("tom@shop.example",), "5.2.2", "552 5.2.2 mailbox full"),
    ]


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "a@" * 150_000, "a@b." * 80_000, ": \n" * 100_000, ">" * 300_000, "550 " * 80_000]
)
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    """Each of these once took minutes; a test that hangs here has found the next one."""
    head = f"From: {SYSTEM}\nTo: us@velo.example\nSubject: failure notice\n\nIt could not be delivered.\n"
    assert classify(parse((head + text).encode())).kind == "bounce"
