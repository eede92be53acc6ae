from __future__ import annotations

import json
import os
import shutil

from userops.client import SERVER_FILE, folder_of, running_server


def test_a_copy_of_a_folder_is_not_asked_through_the_server_of_the_original(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    facts = {
        "url": "http://127.0.0.1:9",
        "pid": os.getpid(),
        "token": "t",
        "folder": folder_of(data),
    }
    (data / SERVER_FILE).write_text(json.dumps(facts))
    assert running_server(data) is not None
    (tmp_path / "link").symlink_to(data)
    assert running_server(tmp_path / "link") is not None
    shutil.copytree(data, tmp_path / "copy")
    assert running_server(tmp_path / "copy") is None
    (data / SERVER_FILE).write_text(json.dumps({**facts, "pid": 2**22 + 1}))
    assert running_server(data) is None
