"""Images that are there to tell a sender that their mail was read: found, named and taken out."""

import re
from collections import Counter
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from postroom.lib.html.nesting import too_much

# How the known services call the picture that counts readers; by host and path, as their own documentation shows it.
_SERVICES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("Mailchimp", r"list-manage\d*\.com/track/open"),
        ("Mandrill", r"mandrillapp\.com/track/open"),
        ("SendGrid", r"/wf/open(?:\?|$)|sendgrid\.(?:net|com)/(?:wf|mpss)/o"),
        ("HubSpot", r"(?:hubspot(?:email|links)?|hs-?email)\w*\.(?:com|net)/|/__ptq\.gif|/e[23]t/o/"),
        ("Amazon SES", r"awstrack\.me/I0/"),
        ("Mailgun", r"mailgun\.(?:net|org)/o/"),
        ("Mailjet", r"mjt\.lu/oo/|/oo/[\w-]+/[\w-]+/e\.gif"),
        ("Brevo", r"sendib\w*\.com/|/tr/op/"),
        ("Klaviyo", r"klaviyomail\.com|/trk/open"),
        ("Postmark", r"pstmrk\.it/open"),
        ("Campaign Monitor", r"cmail\d+\.com/t/|createsend\d*\.com/t/"),
        ("Constant Contact", r"rs6\.net/on\.jsp"),
        ("Salesforce", r"exct\.net/open|/open\.aspx\?|sfmc-content|pardot\.com/r/"),
        ("Marketo", r"mktoresp\.com|mkto\w*\.com/trk"),
        ("Eloqua", r"/e/FooterImages/FooterImage"),
        ("GetResponse", r"getresponse\d*\.com/open"),
        ("ActiveCampaign", r"activehosted\.com|emlnk\d*\.com|/lt\.php\?"),
        ("Intercom", r"via\.intercom\.io/o|intercom-mail\w*\.com"),
        ("Customer.io", r"customeriomail\.com/e/o|/e/o/[\w=-]{20,}"),
        ("Outreach", r"outrch\.com|/api/mailings/opened"),
        ("Salesloft", r"salesloft(?:links)?\.com"),
        ("Mixmax", r"mixmax\.com/(?:e/o|api/track)"),
        ("Mailtrack", r"mailtrack\.io/trace"),
        ("Yesware", r"yesware\.com"),
        ("Streak", r"mailfoogae\.appspot\.com"),
        ("Superhuman", r"r\.superhuman\.com"),
        ("Google Analytics", r"google-analytics\.com/"),
        ("Facebook", r"facebook\.com/tr\b|email_open_log_pic"),
        ("LinkedIn", r"linkedin\.com/emimp"),
        ("LiveIntent", r"liadm\.com"),
        ("Litmus", r"emltrk\.com"),
    )
)
# Pictures that only keep a distance, as old letters are full of.
_SPACER = re.compile(r"/(?:spacer|blank|clear|transparent|shim|trans|dot_clear)\w*\.(?:gif|png)$", re.IGNORECASE)
_TINY = 2
_NUMBER = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", re.IGNORECASE)
_SIZE = re.compile(
    r"(?:^|;)\s*(?:max-)?(width|height)\s*:\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*(?:!\s*important)?\s*(?=;|$)"
)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$))")


def without_trackers(html: str) -> tuple[str, dict[str, int]]:
    """Return sanitised HTML without the images that count readers, and how many there were of whom.

    They are known by the service's address, or by being too small to be seen, or hidden; those are named by their host.
    """
    if "<img" not in html or too_much(html):
        return html, {}
    tree = LexborHTMLParser(html)
    found: Counter[str] = Counter()
    for image in tree.css("img"):
        if name := _tracker(image):
            found[name] += 1
            image.decompose()
    body = tree.body
    return ((body.inner_html or "") if found and body is not None else html), dict(found)


def _tracker(image: LexborNode) -> str:
    address = image.attributes.get("src") or image.attributes.get("data-remote-src") or ""
    if not address.lower().startswith(("http:", "https:")):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    place = f"{host}{parts.path}{'?' if parts.query else ''}{parts.query}"
    for name, pattern in _SERVICES:
        if pattern.search(place):
            return name
    if _unseen(image) and (parts.query or not _SPACER.search(parts.path)):
        return host
    return ""


def _unseen(image: LexborNode) -> bool:
    style = (image.attributes.get("style") or "").lower()
    if _HIDDEN.search(style):
        return True
    sizes = dict(_SIZE.findall(style))
    for name in ("width", "height"):
        stated = _NUMBER.match(image.attributes.get(name) or "")
        if stated:
            sizes.setdefault(name, stated[1])
    return len(sizes) == 2 and all(int(size) <= _TINY for size in sizes.values())
