"""An OpenID provider in a process of its own: whoever asks is let in, and leave can be taken back."""

import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.servers import processes


@dataclass
class OpenIdProvider:
    """A running provider; any client may ask, and `issuer` is its address."""

    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, *, token_seconds: int = 3600) -> "OpenIdProvider":
        """Start it on a free port; its access tokens live as long as asked."""
        port = processes.free_port()
        folder = processes.folder("openid", user=None)
        command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
        command += ["--host", "127.0.0.1", "--token-max-age", str(token_seconds)]
        process = processes.start(command, user=None, output=folder / "log")
        processes.wait_until(lambda: processes.answers(port), process=process, log=folder / "log")
        return cls(port, process)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def say_yes(self, address: str, *, account: str) -> dict[str, str]:
        """Do what a person does on the consent page, and return what the browser brings back."""
        answer = httpx.post(address, data={"sub": account})
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def say_no(self, address: str) -> dict[str, str]:
        """Refuse on the consent page."""
        answer = httpx.post(address, data={"action": "deny"})
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def take_back(self, account: str) -> None:
        """End every token of this account, as its owner may do in the provider's settings."""
        httpx.post(f"{self.issuer}/users/{account}/revoke-tokens").raise_for_status()

    def knows(self, token: str) -> bool:
        """Tell whether an access token is good."""
        return httpx.get(f"{self.issuer}/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code == 200

    def stop(self) -> None:
        processes.stop(self.process)
