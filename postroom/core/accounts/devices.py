"""A browser and a place in words, as far as they can be told without asking anybody."""

import re
from ipaddress import IPv4Network, IPv6Network

from django.utils.translation import gettext as _

from postroom.lib.networks import Network, address, within

# What the audit log has before the name of an API token, for what its program did.
API_TOKEN = "API token "
# The first that is found names it: Edge calls itself Chrome, and Chrome calls itself Safari.
_BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Vivaldi/", "Vivaldi"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"DuckDuckGo/", "DuckDuckGo"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chromium/", "Chromium"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
    (r"^curl/", "curl"),
)
_SYSTEMS = (
    (r"Windows", "Windows"),
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux|X11", "Linux"),
    (r"BSD", "BSD"),
)
_LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
# What no router of the internet carries (RFC 1918, 4193, 6598, link-local): a house's or a company's own network.
_INSIDE: tuple[Network, ...] = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("169.254.0.0/16"),
    IPv6Network("fc00::/7"),
    IPv6Network("fe80::/10"),
)


def device_words(agent: str) -> str:
    """Say what a browser's own description comes to: "Firefox on Linux"."""
    if agent.startswith(API_TOKEN):
        return agent.partition(";")[0]
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def is_phone(agent: str) -> bool:
    """Tell whether it is a phone or a tablet, for its picture."""
    return _first(_SYSTEMS, agent) in ("iPhone", "iPad", "Android")


def place_words(ip: str) -> str:
    """Say where an address is: on this machine, inside a network of one's own, or only the address itself."""
    found = address(ip)
    if found is None:
        return _("Unknown address")
    if within(found, _LOOPBACK):
        return _("This machine")
    if within(found, _INSIDE):
        return _("Private network, %(address)s") % {"address": found}
    return str(found)


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in table if re.search(pattern, agent)), "")
