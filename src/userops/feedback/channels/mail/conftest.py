"""Real mail servers: Dovecot for IMAP, aiosmtpd for SMTP."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_SETTINGS = """\
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
default_internal_user = {user}
default_login_user = {login}
default_internal_group = {group}
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
passdb {{
  driver = static
  args = password=geheim
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An account on a real IMAP server; `deliver` puts a mail into its INBOX."""

    url: str
    port: int

    def deliver(self, raw: bytes) -> None:
        import imaplib

        with imaplib.IMAP4("127.0.0.1", self.port) as server:
            server.login("support", "geheim")
            status, _data = server.append("INBOX", "", None, raw)
            assert status == "OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _users() -> tuple[pwd.struct_passwd, pwd.struct_passwd]:
    """Who keeps the mails, and who talks to strangers: root is neither."""
    if os.getuid() != 0:
        me = pwd.getpwuid(os.getuid())
        return me, me
    return pwd.getpwnam("dovecot"), pwd.getpwnam("dovenull")


@pytest.fixture
def imap() -> Iterator[Mailbox]:
    """A Dovecot of its own; skips loudly where there is none."""
    dovecot = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if dovecot is None:
        pytest.skip("DOVECOT MISSING: the tests with a real IMAP server did not run")
    version = subprocess.run(  # noqa: S603
        [dovecot, "--version"], capture_output=True, text=True, check=True
    ).stdout
    if not version.startswith("2.3"):
        pytest.skip(
            f"DOVECOT 2.3 MISSING (found {version.strip()}): no test with a real IMAP server"
        )
    port = free_port()
    user, login = _users()
    # its processes run as other users, who cannot look into a folder of pytest
    folder = Path(tempfile.mkdtemp(prefix="userops-dovecot-"))
    folder.chmod(0o755)
    if os.getuid() == 0:
        os.chown(folder, user.pw_uid, user.pw_gid)
    settings = folder / "dovecot.conf"
    settings.write_text(
        _SETTINGS.format(
            folder=folder, port=port, user=user.pw_name, login=login.pw_name,
            group=grp.getgrgid(user.pw_gid).gr_name, uid=user.pw_uid, gid=user.pw_gid,
        )
    )  # fmt: skip
    process = subprocess.Popen([dovecot, "-F", "-c", str(settings)])  # noqa: S603
    try:
        for _try in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Mailbox(f"imap://support:geheim@127.0.0.1:{port}/INBOX", port)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class Postman:
    """A real SMTP server; `mails` are what it took."""

    port: int = 0
    refuse: bool = False
    mails: list[Any] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse:
            return "451 try again later"
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def smtp(settings: Any) -> Iterator[Postman]:
    """The house's mail server."""
    from aiosmtpd.controller import Controller

    postman = Postman()
    controller = Controller(postman, hostname="127.0.0.1", port=free_port())
    controller.start()
    postman.port = controller.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "support@ops.example.com"
    yield postman
    controller.stop()


@pytest.fixture
def private(monkeypatch: Any) -> None:
    """Servers in the house may be reached."""
    import dataclasses

    from userops import config
    from userops.feedback.channels.mail import fetching

    allowed = dataclasses.replace(config.current(), private_hooks=True)
    monkeypatch.setattr(fetching, "current", lambda: allowed)


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def open_mailbox(product: Any, lead: Any) -> Callable[..., Any]:
    """`open_mailbox(imap=…, smtp=…)`: a mailbox that is a channel."""
    from userops.feedback.channels.actions import create_channel

    def make(**secret: str) -> Any:
        options = {"address": "support@ops.example.com"}
        return create_channel(product, "mail", "客服邮箱", options, secret=secret, acting_user=lead)

    return make
