"""A stranger's HTML made ready for its frame: safe, its history folded, its links true, nobody told of the reading."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.channels.mail.quote_html import Labels, fold_quotes
from postroom.faces.web import remote_images
from postroom.lib.html import sanitize, view, with_remote_images
from postroom.lib.html.links import with_true_links
from postroom.lib.html.trackers import without_trackers


@dataclass(frozen=True)
class Cleaned:
    """Safe HTML, how many images from outside were held back, and how many trackers of whom were left out."""

    html: str
    blocked: int = 0
    trackers: dict[str, int] = field(default_factory=dict)


def cleaned(untrusted_html: str, *, subject: str, with_images: bool) -> Cleaned:
    """Return HTML that is safe to show. Trackers are left out even when images are shown: nobody loses by it."""
    labels = Labels(quote=_("Earlier messages"), signature=_("Signature"), notice=_("Legal notice"))
    if with_images:
        html, trackers = without_trackers(sanitize(untrusted_html))
        html, blocked = with_remote_images(html, remote_images.address), 0
    else:
        shown = view(untrusted_html)
        html, trackers = without_trackers(shown.html)
        blocked = shown.blocked - sum(trackers.values())
    html = with_true_links(html, warning=lambda host: _("leads to %(host)s") % {"host": host})
    return Cleaned(fold_quotes(html, subject=subject, labels=labels), blocked, trackers)


def trackers_said(trackers: dict[str, int]) -> str:
    """Say how many trackers were left out, and whose; "" for none."""
    count = sum(trackers.values())
    if not count:
        return ""
    names = ", ".join(name if n == 1 else f"{name} ({n})" for name, n in sorted(trackers.items())[:5])
    return ngettext(
        "One tracker was left out, so the sender does not learn that you read this: %(names)s.",
        "%(count)s trackers were left out, so the sender does not learn that you read this: %(names)s.",
        count,
    ) % {"count": count, "names": names}
