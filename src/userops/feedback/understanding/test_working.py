"""Tasks that begin beside each other import what they learn with one at a time."""

from __future__ import annotations

import subprocess
import sys

from tests.processes import ENVIRONMENT

CODE = """
from threading import Thread
from userops.feedback.understanding.working import load_library
wrong = []
def work():
    try:
        load_library()
        from sklearn.decomposition import TruncatedSVD
        from sklearn.svm import LinearSVC
    except ImportError as error:
        wrong.append(error)
threads = [Thread(target=work) for _ in range(6)]
[each.start() for each in threads]
[each.join() for each in threads]
assert not wrong, wrong
"""


def test_two_that_begin_at_once_both_get_all_of_the_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
