"""What a certificate says of its holder."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from postroom.lib.addresses import normalize
from postroom.lib.text import one_line


def addresses_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the mail addresses that it was issued for."""
    found: list[str] = []
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found += names.get_values_for_type(x509.RFC822Name)
    except (x509.ExtensionNotFound, ValueError):
        pass
    found += _attributes(certificate.subject, NameOID.EMAIL_ADDRESS)
    return tuple(dict.fromkeys(normalize(one_line(address, length=254)) for address in found))


def name_of(certificate: x509.Certificate) -> str:
    """Return whom it was issued to."""
    return _first(certificate.subject)


def authority_of(certificate: x509.Certificate) -> str:
    """Return who issued it."""
    return _first(certificate.issuer)


def _first(name: x509.Name) -> str:
    wanted = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.EMAIL_ADDRESS)
    values = [value for oid in wanted for value in _attributes(name, oid)]
    return one_line(values[0], length=200) if values else ""


def _attributes(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]
