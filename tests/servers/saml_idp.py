"""A SAML identity provider built on pysaml2, in a process of its own: python -m tests.servers.saml_idp PORT FOLDER.

Whoever asks is let in under the name they type. Its consent page takes more fields, with which a test makes it lie.
"""

import html
import shutil
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA1, DIGEST_SHA256, SIG_RSA_SHA1, SIG_RSA_SHA256

_PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"


class Provider:
    """The provider, and whom it answers: the metadata it was given last, and of others before."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.folder = folder
        self.partners: list[str] = []

    def server(self, *, minutes: int = 15) -> Server:
        """Return pysaml2's server; its assertions are good for so many minutes, or were when below nought."""
        home = f"http://localhost:{self.port}"
        policy = {"default": {"lifetime": {"minutes": minutes}, "attribute_restrictions": None, "name_form": _URI}}
        found = IdPConfig().load(
            {
                "entityid": f"{home}/metadata",
                "xmlsec_binary": shutil.which("xmlsec1"),
                "key_file": str(self.folder / "key.pem"),
                "cert_file": str(self.folder / "certificate.pem"),
                "metadata": {"inline": self.partners},
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": [(f"{home}/sso", BINDING_HTTP_REDIRECT)]},
                        "policy": policy,
                        "name_id_format": [NAMEID_FORMAT_PERSISTENT],
                    }
                },
            }
        )
        return Server(config=found)

    def answer(self, said: dict[str, str]) -> str:
        """Return the page by which the browser takes the answer back."""
        server = self.server(minutes=int(said.get("minutes", "15")))
        asked = server.parse_authn_request(said["SAMLRequest"], BINDING_HTTP_REDIRECT).message
        account = said["account"]
        identity = {"mail": [said.get("mail", f"{account}@team.example")], "displayName": [account.title()]}
        response = server.create_authn_response(
            {key: value for key, value in identity.items() if value != [""]},
            in_response_to=said.get("in_response_to", asked.id) or None,
            destination=said.get("destination", asked.assertion_consumer_service_url),
            sp_entity_id=said.get("audience", asked.issuer.text),
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=said.get("subject", f"subject-of-{account}")),
            authn={"class_ref": said.get("class", _PASSWORD), "authn_auth": server.config.entityid},
            sign_assertion=said.get("signed", "yes") == "yes",
            sign_response=False,
            sign_alg=SIG_RSA_SHA1 if "weak" in said else SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA1 if "weak" in said else DIGEST_SHA256,
        )
        sent = server.apply_binding(
            BINDING_HTTP_POST,
            str(response),
            asked.assertion_consumer_service_url,
            said.get("RelayState", ""),
            response=True,
        )
        return str(sent["data"])


class Pages(BaseHTTPRequestHandler):
    """What the provider shows."""

    provider: ClassVar[Provider]

    def do_GET(self) -> None:
        """Show the metadata, or ask who is there."""
        parts = urlsplit(self.path)
        if parts.path == "/metadata":
            self._send(str(entity_descriptor(self.provider.server().config)), kind="application/samlmetadata+xml")
        elif parts.path == "/sso":
            fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
            hidden = "".join(
                f'<input type="hidden" name="{name}" value="{html.escape(fields.get(name, ""))}">'
                for name in ("SAMLRequest", "RelayState")
            )
            self._send(f'<form method="post" action="/sso">{hidden}<input name="account"><button>Go</button></form>')
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Take a partner's metadata, or answer for the account that was typed."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/partners":
            self.provider.partners.append(body)
            self._send("")
            return
        fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        self._send(self.provider.answer(fields))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def _send(self, text: str, *, kind: str = "text/html; charset=utf-8") -> None:
        body = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    Pages.provider = Provider(int(sys.argv[1]), Path(sys.argv[2]))
    ThreadingHTTPServer(("127.0.0.1", Pages.provider.port), Pages).serve_forever()
