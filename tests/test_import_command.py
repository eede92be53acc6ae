"""`userops import` as a process: stopped, killed, and wrongly asked."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROWS = 250_000
PROGRAM = [sys.executable, "-c", "from userops.cli import main; main()", "import"]
COLUMNS = ["--user", "user", "--time", "time", "--event", "event", "--props", "n"]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return {**kept, "PYTHONWARNINGS": "default", "PYTHONIOENCODING": "utf-8"}


def start(path: Path, data: Path, *more: str) -> subprocess.Popen[str]:
    command = [*PROGRAM, str(path), "--product", "app", *COLUMNS, "--data", str(data), *more]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(),
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def runs(data: Path) -> list[tuple[int, str]]:
    """Number and state of each import run, read beside the running process."""
    path = data / "userops.sqlite3"
    if not path.exists():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute("select id, state from events_importrun").fetchall()
    except sqlite3.OperationalError:  # the tables are being made
        return []
    finally:
        connection.close()


def wait_until_running(process: subprocess.Popen[str], data: Path) -> None:
    """Until the process owns the folder and has a run under way."""
    lock = data / "lock"
    while process.poll() is None:
        owner = lock.read_text().strip() if lock.exists() else ""
        if owner == str(process.pid) and any(state == "running" for _, state in runs(data)):
            return
        time.sleep(0.05)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("big") / "rows.csv"
    with path.open("w") as file:
        file.write("user,time,event,n\n")
        for n in range(ROWS):
            second = (
                f"2024-01-{n // 20_000 + 1:02} {n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}"
            )
            file.write(f"u{n % 5_000},{second},view,{n}\n")
    return path


def test_killed_and_stopped_imports_leave_nothing_and_go_on(path: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    killed = start(path, data)
    wait_until_running(killed, data)
    time.sleep(0.7)
    killed.send_signal(signal.SIGKILL)
    finish(killed)
    stopped = start(path, data, "--json")
    wait_until_running(stopped, data)
    time.sleep(0.4)
    stopped.send_signal(signal.SIGINT)
    code, out, _ = finish(stopped)
    early = code != 0
    if early and out:  # nothing is said when the signal came before the import had begun
        assert json.loads(out)["error"]["code"] == "import_cancelled"
        assert [state for _, state in runs(data)] == ["cancelled"]
    code, out, err = finish(start(path, data, "--json"))
    assert code == 0, err
    outcome = json.loads(out)
    assert (outcome["rows"], outcome["refused"]) == (ROWS, 0)
    if early:
        assert (outcome["stored"], outcome["duplicates"]) == (ROWS, 0)
        assert runs(data) == [(outcome["run"], "done")]
    assert outcome["report"]["users"] == 5_000
    code, out, _ = finish(start(path, data, "--json"))
    assert json.loads(out)["duplicates"] == ROWS


@pytest.mark.parametrize(
    ("more", "code", "part"),
    [
        (["--encoding", "klingon"], "encoding_unknown", "klingon"),
        (["--time-format", "whenever"], "time_format_invalid", "whenever"),
    ],
)
def test_a_wrong_wish_is_one_sentence(
    path: Path, tmp_path: Path, more: list[str], code: str, part: str
) -> None:
    status, out, err = finish(start(path, tmp_path / "data", "--json", *more))
    assert status == 1
    error = json.loads(out)["error"]
    assert error["code"] == code
    assert part in error["message_zh"]
    assert "Traceback" not in err
    assert not runs(tmp_path / "data")
