"""Whom to believe about a certificate: the machine's list of authorities, and those that the owner trusts."""

import ssl
import warnings
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError

from postroom.channels.mail.protection.verdict import SELF_SIGNED, UNKNOWN_AUTHORITY

_FOR_MAIL = frozenset({ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE})


def distrust(
    leaf: x509.Certificate,
    *,
    others: Sequence[x509.Certificate],
    trusted: Sequence[x509.Certificate],
    at: datetime,
) -> str:
    """Return "" when a chain from this certificate ends in one that is trusted, else why not, as a code.

    `others` came with the signature, `trusted` are those of the owner.
    """
    if leaf in trusted:
        return ""
    roots = [*trusted, *_machine_authorities()]
    builder = PolicyBuilder().store(Store(roots)).time(at.replace(tzinfo=None)).max_chain_depth(6)
    verifier = builder.extension_policies(ca_policy=_authority_policy(), ee_policy=_signer_policy())
    try:
        verifier.build_client_verifier().verify(leaf, [one for one in others if one != leaf][:20])
    except (VerificationError, ValueError):
        return SELF_SIGNED if leaf.issuer == leaf.subject else UNKNOWN_AUTHORITY
    return ""


@lru_cache(maxsize=1)
def _machine_authorities() -> tuple[x509.Certificate, ...]:
    """Return the certificates that the machine trusts (SSL_CERT_FILE, or the system's)."""
    found: list[x509.Certificate] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)  # serial numbers of the nineties
        for der in ssl.create_default_context().get_ca_certs(binary_form=True):
            try:
                found.append(x509.load_der_x509_certificate(der))
            except ValueError:
                continue  # an authority that this library cannot read cannot be believed either
    return tuple(found)


def _authority_policy() -> ExtensionPolicy:
    """Without this, anybody's certificate could vouch for another."""
    policy = ExtensionPolicy.permit_all()
    policy = policy.require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _may_vouch)
    return policy.may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign_certificates)


def _signer_policy() -> ExtensionPolicy:
    return ExtensionPolicy.permit_all().may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _is_for_mail)


def _may_vouch(_policy: Policy, _certificate: x509.Certificate, constraints: x509.BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("not an authority")


def _may_sign_certificates(_policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("not an authority")


def _is_for_mail(_policy: Policy, _certificate: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    if usage is not None and not _FOR_MAIL.intersection(usage):
        raise ValueError("not for mail")


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the certificate, in lower-case hex."""
    return certificate.fingerprint(SHA256()).hex()
