"""The command line and the server as processes of their own, as a user starts them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

_OURS = ("USEROPS_", "DJANGO_", "CLICKHOUSE_URL", "DATABASE_URL")
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
ENVIRONMENT = {**PLAIN, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
"""The environment without the settings of this test run."""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from userops.cli import main; main()", *arguments]


def run(
    *arguments: str | Path,
    stdin: str = "",
    extra: Mapping[str, str] | None = None,
    code: int = 0,
    errors: bool = False,
) -> str:
    """What a command prints, with `errors` also on standard error. It must end with `code`."""
    done = subprocess.run(
        command(*map(str, arguments)),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**ENVIRONMENT, **(extra or {})},
        timeout=300,
        check=False,
    )
    assert done.returncode == code, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr if errors else done.stdout


def run_json(
    *arguments: str | Path, stdin: str = "", extra: Mapping[str, str] | None = None
) -> Any:
    return json.loads(run(*arguments, "--json", stdin=stdin, extra=extra))


class Server:
    """A real server of a data folder on a free port."""

    def __init__(self, data: Path, extra: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.process = subprocess.Popen(
            command("serve", "--data", str(data), "--port", "0"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**ENVIRONMENT, **(extra or {})},
        )
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.search(r"http://\S+", line):
                self.url = found.group()
                return
        raise AssertionError("the server did not start:\n" + "".join(said))

    def stop(self, number: int = signal.SIGTERM) -> str:
        """Send a signal, wait for the end; what was printed since the address."""
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=60)
        return said

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *wrong: object) -> None:
        if self.process.poll() is None:
            self.stop(signal.SIGKILL if wrong[0] else signal.SIGTERM)
        else:
            self.process.communicate(timeout=60)

    @property
    def token(self) -> str:
        """The key that the server leaves for the other doors of this machine."""
        return str(json.loads((self.data / "server.json").read_text())["token"])
