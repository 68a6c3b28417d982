"""A push service on this machine: it checks who sends (RFC 8292), opens what is sealed (RFC 8291), fails on demand."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from postroom.lib.web_push import Keys


@dataclass
class Browser:
    """A browser that has subscribed: only it can open what is sent to its address."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"0123456789abcdef"

    @property
    def keys(self) -> Keys:
        """What it tells Postroom."""
        return Keys(p256dh=_encoded(self._point), auth=_encoded(self.secret))

    @property
    def _point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def open(self, body: bytes) -> dict[str, object]:
        """Decrypt one aes128gcm record as a browser does."""
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        key = _derive(shared, self.secret, b"WebPush: info\x00" + self._point + theirs, 32)
        content = _derive(key, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _derive(key, salt, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(content).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02")
        opened: dict[str, object] = json.loads(plain[:-1])
        return opened


@dataclass(frozen=True)
class Pushed:
    """One push that was taken: for which address, its headers, and the sealed body."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """A running service. `answers` are statuses for the next pushes, one each; then every push is taken (201)."""

    url: str
    taken: list[Pushed] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    # Keys and contacts of those whose signature was good.
    senders: list[tuple[str, str]] = field(default_factory=list)

    def browser(self, name: str) -> Browser:
        """Return a browser with a subscription of its own."""
        return Browser(f"{self.url}/push/{name}")

    def check(self, authorization: str) -> None:
        """Take only a signed sender: the audience is this service, and the time has not run out."""
        scheme, _space, rest = authorization.partition(" ")
        parts = dict(one.strip().split("=", 1) for one in rest.split(","))
        assert scheme == "vapid"
        point = base64.urlsafe_b64decode(parts["k"] + "=" * (-len(parts["k"]) % 4))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        claims = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=self.url)
        self.senders.append((parts["k"], claims["sub"]))


@contextmanager
def push_service() -> Iterator[PushService]:
    """Run one on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers = service.answers.pop(0) if service.answers else (201, {})
            if status == 201:
                service.check(self.headers["Authorization"])
                service.taken.append(Pushed(self.path, dict(self.headers), body))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Tests are told by what was taken."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield service
    server.shutdown()
    server.server_close()
    thread.join()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)
