"""A SAML identity provider in a process of its own (saml_idp.py): whoever asks is let in, and it lies when told to."""

import datetime
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.servers import processes


@dataclass
class IdentityProvider:
    """A running provider; `metadata` is the address of its metadata."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls) -> "IdentityProvider":
        """Start it on a free port with a key of its own."""
        if not shutil.which("xmlsec1"):
            raise RuntimeError("xmlsec1 is missing: apt install xmlsec1, or run bin/test --quick.")
        port = processes.free_port()
        folder = processes.folder("saml", user=None)
        _make_key(folder)
        command = [sys.executable, "-W", "ignore", "-m", "tests.servers.saml_idp", str(port), str(folder)]
        process = processes.start(command, user=None, output=folder / "log")
        processes.wait_until(lambda: processes.answers(port), process=process, log=folder / "log")
        return cls(port, folder, process)

    @property
    def home(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def metadata(self) -> str:
        return f"{self.home}/metadata"

    def meet(self, metadata: str) -> None:
        """Take a service provider's metadata: only those it has met are answered."""
        httpx.post(f"{self.home}/partners", content=metadata).raise_for_status()

    def answer(self, address: str, *, account: str, **lies: str) -> dict[str, str]:
        """Do what a person's browser does there, and return the form that it takes back.

        `lies` are fields of saml_idp.Provider.answer: signed="no", weak="yes", audience=, minutes=, mail=, …
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        page = httpx.post(f"{self.home}/sso", data={**asked, "account": account, **lies}, timeout=30)
        page.raise_for_status()
        return {
            name: unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        }

    def stop(self) -> None:
        processes.stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


def _make_key(folder: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Postroom test identity provider")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
