"""Ask an LDAP directory by ldap3 whether a name and a password belong together, and whose they are."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import ldap3
from django.conf import settings
from django.utils.translation import gettext as _
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from postroom.core.accounts.models import SignInProvider
from postroom.core.accounts.models.sign_on import CLEAR, STARTTLS, TLS
from postroom.core.accounts.sign_on import Said, SignOnRefused
from postroom.lib.network.addresses import is_outside, parsed
from postroom.lib.network.connecting import Inside, permitted
from postroom.lib.sealing import SealBroken, unseal
from postroom.lib.text import storable

USUAL_SEARCH = "(|(mail={login})(uid={login})(sAMAccountName={login})(userPrincipalName={login}))"
PORTS = {TLS: 636, STARTTLS: 389, CLEAR: 389}
_SECONDS = 8
# What never changes for a person: OpenLDAP's and Active Directory's.
_SUBJECTS = ("entryUUID", "objectGUID")
_LONGEST = 256


class DirectoryDown(SignOnRefused):
    """The directory could not be asked; the sentence says what is wrong with it and how to mend it."""


@dataclass(frozen=True)
class Row:
    """One person in the directory."""

    dn: str
    said: Said


def recognise(provider: SignInProvider, *, login: str, password: str) -> Said | None:
    """Return whose name and password these are; None when they are nobody's. DirectoryDown when nobody can tell."""
    # An empty password is no wrong one to a directory but a bind as nobody, which succeeds (RFC 4513 5.1.2).
    if not (login and password) or len(login) > _LONGEST or "\0" in login + password:
        return None
    row = find(provider, login=login)
    if row is None:
        return None
    with _connected(provider) as connect:
        connection = connect(user=row.dn, password=password)
        return row.said if connection.bind() else None


def find(provider: SignInProvider, *, login: str, secret: str = "") -> Row | None:
    """Look a person up by what they type; None when there is none, or more than one.

    `secret` is the reader's password, when it is another one than that kept.
    """
    asked = {name for name in (provider.subject_attribute, *_SUBJECTS, *_email(provider), *_name(provider)) if name}
    search = provider.search or USUAL_SEARCH
    with _connected(provider) as connect:
        connection = _as_reader(provider, connect, secret=secret)
        connection.search(
            provider.base_dn,
            search.replace("{login}", escape_filter_chars(login)),
            attributes=sorted(asked),
            size_limit=2,
            time_limit=_SECONDS,
        )
        found = [one for one in connection.response or () if one["type"] == "searchResEntry"]
        if connection.result["result"] not in (0, 4):
            about = {"words": connection.result["description"], "base": provider.base_dn}
            raise DirectoryDown(
                _("The directory did not look below %(base)s (%(words)s). Check the base and the filter.") % about
            )
    return _row(provider, found[0]) if len(found) == 1 else None


@contextmanager
def _connected(provider: SignInProvider) -> Iterator[Any]:
    """Yield what opens a connection (user=, password=) to the directory; every fault in it is a DirectoryDown."""
    opened: list[ldap3.Connection] = []
    about = {"host": provider.host, "port": provider.port}
    try:
        server = _Server(provider)
        yield partial(_open, server, opened, security=provider.security)
    except Inside as inside:
        about["address"] = inside.address
        raise DirectoryDown(
            _("%(host)s is a machine inside our own network (%(address)s), and an owner has not allowed it.") % about
        ) from inside
    except (LDAPException, OSError, ssl.SSLError) as error:
        about["words"] = str(error)[:300]
        raise DirectoryDown(
            _("The directory at %(host)s, port %(port)s, could not be asked (%(words)s). Nobody was signed in.") % about
        ) from error
    finally:
        for connection in opened:
            # One that never came to be open is left to us by the library.
            leftover = connection.socket
            connection.strategy.close()
            if leftover:
                leftover.close()


def _open(
    server: "_Server", opened: list[ldap3.Connection], *, security: str, user: str, password: str
) -> ldap3.Connection:
    connection = ldap3.Connection(
        server,
        user=user,
        password=password,
        # A referral would carry the password to a server that nobody here has named.
        auto_referrals=False,
        read_only=True,
        check_names=False,
        receive_timeout=_SECONDS,
    )
    opened.append(connection)
    connection.open(read_server_info=False)
    if security == STARTTLS:
        connection.start_tls(read_server_info=False)
    return connection


def _as_reader(provider: SignInProvider, connect: Any, *, secret: str) -> ldap3.Connection:
    try:
        password = secret or unseal(provider.sealed_secret, key=settings.POSTROOM_KEY)
    except SealBroken as broken:
        raise DirectoryDown(_("The secret of %s has to be typed again.") % provider.name) from broken
    if not (provider.bind_dn and password):
        raise DirectoryDown(_("The directory wants a name and a password to be read with. Type both."))
    connection: ldap3.Connection = connect(user=provider.bind_dn, password=password)
    if not connection.bind():
        about = {"dn": provider.bind_dn, "words": connection.result["description"]}
        raise DirectoryDown(_("The directory refused the name %(dn)s or its password (%(words)s). Check both.") % about)
    return connection


class _Server(ldap3.Server):
    """A directory whose name was looked up once, by the guarded way, and that is called at just that address."""

    def __init__(self, provider: SignInProvider) -> None:
        tls = _Verified() if provider.security != CLEAR else None
        super().__init__(
            provider.host,
            port=provider.port,
            use_ssl=provider.security == TLS,
            tls=tls,
            get_info=ldap3.NONE,
            connect_timeout=_SECONDS,
        )
        found = permitted(provider.host, provider.port)
        if provider.security == CLEAR and any(_outside(where[0]) for _family, _kind, _protocol, where in found):
            raise DirectoryDown(
                _("%s is out in the internet: a password never goes there in clear text. Choose TLS or STARTTLS.")
                % provider.host
            )
        self._where = [[family, kind, protocol, "", where, None, None] for family, kind, protocol, where in found]

    def candidate_addresses(self) -> list[Any]:
        """Return the addresses that were checked, and look nothing up again."""
        return self._where


class _Verified(ldap3.Tls):
    """TLS as Python itself does it: the certificate is checked, and that it is this host's."""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002  (ldap3's)
        """Put TLS around the connection's socket; an ssl.SSLError when the other side is not who it should be."""
        del do_handshake
        context = ssl.create_default_context()
        if settings.POSTROOM_CA_FILE:
            context.load_verify_locations(settings.POSTROOM_CA_FILE)
        connection.socket = context.wrap_socket(connection.socket, server_hostname=connection.server.host)


def _outside(host: object) -> bool:
    address = parsed(str(host))
    return address is None or is_outside(address)


def _row(provider: SignInProvider, found: dict[str, Any]) -> Row:
    values = {name.lower(): value for name, value in found["raw_attributes"].items()}
    subjects = (provider.subject_attribute,) if provider.subject_attribute else _SUBJECTS
    email = _text(values, _email(provider))
    said = Said(
        issuer=provider.issuer,
        subject=_text(values, subjects) or ("" if provider.subject_attribute else found["dn"].lower()),
        email=email,
        email_verified=bool(email) and provider.trusts_addresses,
        name=_text(values, _name(provider)),
    )
    return Row(found["dn"], said)


def _email(provider: SignInProvider) -> tuple[str, ...]:
    return (provider.email_attribute,) if provider.email_attribute else ("mail",)


def _name(provider: SignInProvider) -> tuple[str, ...]:
    return (provider.name_attribute,) if provider.name_attribute else ("displayName", "cn")


def _text(values: dict[str, list[bytes]], names: tuple[str, ...]) -> str:
    for name in names:
        for value in values.get(name.lower(), []):
            # Active Directory's ids are sixteen bytes.
            return value.hex() if name == "objectGUID" else storable(value.decode("utf-8", "replace"))
    return ""
