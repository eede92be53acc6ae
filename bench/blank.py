"""An empty data folder, made once and copied: what making one takes is not what is measured."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from bench.serving import run


@dataclass(frozen=True)
class Blank:
    """Where it lies, and the key by which it takes events."""

    folder: Path
    write_key: str

    def copy(self, to: Path) -> None:
        shutil.copytree(self.folder, to, dirs_exist_ok=True)


def make_blank(folder: Path) -> Blank:
    shutil.rmtree(folder, ignore_errors=True)
    made = json.loads(run("init", "--data", folder, "--yes", "--json"))
    return Blank(folder, made["write_key"])
