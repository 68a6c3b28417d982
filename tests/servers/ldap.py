"""An LDAP directory of our own (OpenLDAP's slapd): in a temporary folder, on free ports, with the cast in it."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers import certificates, processes

BASE = "dc=team,dc=example"
READER = f"cn=reader,{BASE}"
PASSWORD = "correct-horse-battery"
_ADMIN = f"cn=admin,{BASE}"
_SCHEMAS = ("/etc/ldap/schema", "/etc/openldap/schema")
_MODULES = ("/usr/lib/ldap", "/usr/lib64/openldap")


@dataclass
class Directory:
    """A running directory. `port` speaks STARTTLS, `tls_port` TLS at once; `authority` is to be trusted."""

    folder: Path
    user: str | None
    port: int
    tls_port: int
    authority: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls) -> "Directory":
        """Fill it with a reader, Alice, Bob and somebody new, Dora; each has PASSWORD."""
        user = processes.unprivileged("nobody")
        folder = processes.folder("slapd", user=None)
        made = certificates.make(folder / "certificates")
        (folder / "data").mkdir()
        (folder / "log").touch()
        template = Path(__file__).with_name("slapd.conf").read_text(encoding="utf-8")
        (folder / "slapd.conf").write_text(
            template.format(
                folder=folder,
                schema=_first(_SCHEMAS),
                modules=_first(_MODULES),
                password=PASSWORD,
                authority=made.authority,
                certificate=made.certificate,
                key=made.key,
            )
        )
        (folder / "people.ldif").write_text(_people())
        if user:
            for path in [folder, *folder.rglob("*")]:
                processes.give(path, user=user)
        program = _program()
        # slapd knows by the name it is called by that it shall only fill the database.
        processes.run([program, "-T", "add", "-f", folder / "slapd.conf", "-l", folder / "people.ldif"], user=user)
        port, tls_port = processes.free_port(), processes.free_port()
        server = cls(folder, user, port, tls_port, made.authority, _launch(folder, port, tls_port, user=user))
        processes.wait_until(lambda: processes.answers(tls_port), process=server.process, log=folder / "log")
        return server

    def stop(self) -> None:
        """End it and take its folder away."""
        processes.stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


def _launch(folder: Path, port: int, tls_port: int, *, user: str | None) -> subprocess.Popen[bytes]:
    doors = f"ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}"
    command = [_program(), "-h", doors, "-f", str(folder / "slapd.conf"), "-d", "0"]
    return processes.start(command, user=user, output=folder / "log")


def _people() -> str:
    rows = [f"dn: {BASE}\nobjectClass: organization\nobjectClass: dcObject\ndc: team\no: Team\n"]
    rows.append(
        f"dn: {READER}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
        f"cn: reader\nuserPassword: {PASSWORD}\n"
    )
    rows.append(f"dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n")
    rows.extend(
        f"dn: uid={name.lower()},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: {name.lower()}\n"
        f"cn: {name}\nsn: {name}\nmail: {name.lower()}@team.example\nuserPassword: {PASSWORD}\n"
        for name in ("Alice", "Bob", "Charlie", "Dora")
    )
    return "\n".join(rows)


def _program() -> str:
    program = shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not program:
        raise RuntimeError("slapd is missing: apt install slapd, or run bin/test --quick.")
    return program


def _first(folders: tuple[str, ...]) -> str:
    return next(filter(lambda folder: Path(folder).is_dir(), folders), folders[0])
