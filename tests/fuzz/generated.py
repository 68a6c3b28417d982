"""Mails that hypothesis makes up, from pieces that mail is made of and from bytes that it is not."""

from hypothesis import strategies as st

_NAMES = st.sampled_from(
    [
        "From",
        "To",
        "Cc",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Reply-To",
        "Sender",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Content-Disposition",
        "Content-ID",
        "Content-Location",
        "Auto-Submitted",
        "Precedence",
        "Return-Path",
        "List-Id",
        "X-Failed-Recipients",
        "Thread-Index",
        "MIME-Version",
    ]
)
_VALUES = st.sampled_from(
    [
        "Ann <ann@example.com>",
        "<>",
        "undisclosed-recipients:;",
        "=?utf-8?b?w6TDtg==?= =?utf-8?q?=c3?=",
        "Re: [x] y",
        "Mon, 2 Mar 2026 09:00:00 +9999",
        "<a@b>",
        "<a@b> <c@d",
        "multipart/report; report-type=delivery-status; boundary=b",
        "multipart/mixed; boundary=b",
        'multipart/alternative; boundary="b b"',
        "multipart/related; boundary=b",
        "text/html; charset=iso-8859-1",
        "text/plain; format=flowed",
        "message/rfc822",
        "message/delivery-status",
        "application/ms-tnef",
        "base64",
        "quoted-printable",
        "x-uuencode",
        "auto-replied",
        "bulk",
        "attachment; filename*0*=utf-8''%e2%82; filename*1*=%ac.txt",
        'attachment; filename="../../etc/passwd"',
        "inline; filename==?utf-8?q?a=00b?=",
        "<c@d>",
        "pics/a.png",
    ]
)
_ODD = st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass"))
_LINES = st.sampled_from(
    [
        b"",
        b"--b",
        b"--b--",
        b"--b b",
        b"hello",
        b"> quoted",
        b">> deeper",
        b"-- ",
        b"Ann",
        b"soft ",
        b"w6TDtg==",
        b"=C3=A4=",
        b"begin 644 a.txt",
        b"#8V%T",
        b"end",
        b"`",
        b"On Mon, 2 Mar 2026 at 09:00, Ann <a@b.example> wrote:",
        b"-----Original Message-----",
        b"From: Ann <a@b.example>",
        b"Sent: Monday",
        b"To: Bob",
        b"Subject: x",
        b"---------- Forwarded message ---------",
        b'<div class="gmail_quote">',
        b"</div>",
        b"<blockquote type=cite>",
        b'<img src="cid:c@d">',
        b'<p style="color:red;background:url(x)">',
        b"<a href='javascript:1'>",
        b"</p>",
        b"Final-Recipient: rfc822; bob@example.com",
        b"Status: 5.1.1",
        b"Action: failed",
        b"<bob@x.example>: 550 no",
        b"\x1b$B%F%9%H\x1b(B",
        b"\xd2\xc5",
        b"\xe4\xf6\xfc",
        b"&nbsp;&lt;&#x41;",
        b'x\x9f>"\x01\x00',
    ]
)
_HEADER = st.tuples(_NAMES, st.one_of(_VALUES.map(str.encode), _ODD, st.binary(max_size=30))).map(
    lambda field: field[0].encode() + b": " + field[1]
)
_LINE = st.one_of(_LINES, _LINES, _HEADER, _ODD, st.binary(max_size=60))


def mails() -> st.SearchStrategy[bytes]:
    """Return whole mails: headers, an empty line or none, and lines that are text, parts and more headers."""
    return st.builds(
        lambda headers, gap, lines, end: end.join([*headers, *gap, *lines]),
        st.lists(_HEADER, max_size=10),
        st.sampled_from([[b""], [b""], []]),
        st.lists(_LINE, max_size=30),
        st.sampled_from([b"\r\n", b"\n", b"\r"]),
    )
