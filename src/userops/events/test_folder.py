"""Who owns a data folder (`folder.py`)."""

from __future__ import annotations

import json
import os
import shutil
import stat

import pytest

from userops.errors import StoreBusy
from userops.events.folder import SERVER_FILE, announced, lock_folder, server_of


def test_a_server_is_found_while_it_runs(tmp_path):
    assert server_of(tmp_path) is None
    with announced(tmp_path, "http://127.0.0.1:9"):
        told = server_of(tmp_path)
        assert told is not None
        assert (told["url"], told["pid"]) == ("http://127.0.0.1:9", os.getpid())
        assert stat.S_IMODE((tmp_path / SERVER_FILE).stat().st_mode) == 0o600, "its token is secret"
    assert server_of(tmp_path) is None


def test_a_copy_of_a_folder_is_not_asked_through_the_server_of_the_original(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    with announced(data, "http://127.0.0.1:9"):
        (tmp_path / "link").symlink_to(data)
        assert server_of(tmp_path / "link") is not None
        shutil.copytree(data, tmp_path / "copy")
        assert server_of(tmp_path / "copy") is None


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"pid": 0}'])
def test_what_a_killed_server_left_counts_for_nothing(tmp_path, said):
    (tmp_path / SERVER_FILE).write_text(said)
    assert server_of(tmp_path) is None


def test_a_server_that_is_no_more_is_not_asked(tmp_path):
    with announced(tmp_path, "http://127.0.0.1:9"):
        facts = json.loads((tmp_path / SERVER_FILE).read_text())
        (tmp_path / SERVER_FILE).write_text(json.dumps({**facts, "pid": 2**22 + 1}))
        assert server_of(tmp_path) is None


def test_a_folder_belongs_to_one(tmp_path):
    held = lock_folder(tmp_path)
    with pytest.raises(StoreBusy, match=str(os.getpid())):
        lock_folder(tmp_path)
    held.close()
    lock_folder(tmp_path).close()
