"""A lock of the database: one holder among threads and processes, and a crash lets go."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from userops.config import current
from userops.errors import StoreFailed
from userops.events import exclusive as module
from userops.events.exclusive import exclusive

CHILD = """
import os, sys, time, django
django.setup()
from userops.events.exclusive import exclusive
with exclusive("test"):
    print("in", flush=True)
    time.sleep(float(sys.argv[1]))
print("out", flush=True)
"""


def child(seconds: float) -> subprocess.Popen[str]:
    environment = {**os.environ, "USEROPS_DATA": str(current().data)}
    environment["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(seconds)],
        env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "in\n"
    return process


@pytest.mark.usefixtures("db")
def test_processes_wait_for_each_other(monkeypatch):
    with child(60) as process:
        monkeypatch.setattr(module, "PATIENCE_S", 0.2)
        with pytest.raises(StoreFailed), exclusive("test"):
            pass
        with exclusive("another"):
            pass
        monkeypatch.setattr(module, "PATIENCE_S", 60)
        process.kill()
        with exclusive("test"):
            pass


@pytest.mark.usefixtures("db")
def test_threads_wait_for_each_other():
    inside, most = [], []

    def work() -> None:
        with exclusive("threads"), exclusive("threads"):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == [1] * 5
