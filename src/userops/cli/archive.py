"""A backup: one `.tar.zst` file with the whole data folder in a consistent state, and its contents listed.

The operational database is copied by SQLite's own online backup; the event folder is copied while no
engine has it open, so that what is in the file is exactly what was committed.
"""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from userops import __version__
from userops.errors import Refused
from userops.words import Words

MANIFEST = "userops-backup.json"
DATABASES = ("userops.sqlite3", "queue.sqlite3")
LEFT_OUT = ("lock", "server.json", "static", "backups")


def write(data: Path, target: Path) -> dict[str, object]:
    """Write the backup of a folder that no engine has open; answers its manifest."""
    manifest: dict[str, object] = {
        "version": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    partial = target.with_name(target.name + ".part")
    with (
        partial.open("wb") as file,
        zstandard.ZstdCompressor(level=3, threads=2).stream_writer(file) as stream,
        tarfile.open(fileobj=stream, mode="w|") as archive,
    ):
        text = json.dumps(manifest).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
        for path in sorted(data.iterdir()):
            if path.name in LEFT_OUT or path in (target, partial):
                continue
            if path.name.startswith(DATABASES):
                continue
            archive.add(path, arcname=path.name)
        for name in DATABASES:
            if (data / name).exists():
                _add_database(archive, data / name)
    partial.replace(target)
    return {**manifest, "file": str(target), "bytes": target.stat().st_size}


def _add_database(archive: tarfile.TarFile, path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        source, target = sqlite3.connect(path), sqlite3.connect(copy)
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        archive.add(copy, arcname=path.name)


def read(source: Path, data: Path) -> dict[str, object]:
    """Make the folder `data` from a backup. Raises `Refused` when it is not empty, or no backup."""
    if data.exists() and any(data.iterdir()):
        raise Refused(
            Words(f"{data} 不是空目录。", f"{data} is not empty."),
            code="folder_not_empty",
            hint=Words("请恢复到一个新目录。", "Restore into a new folder."),
        )
    data.mkdir(parents=True, exist_ok=True)
    try:
        with (
            source.open("rb") as file,
            zstandard.ZstdDecompressor().stream_reader(file) as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            first = archive.next()
            if first is None or first.name != MANIFEST:
                raise tarfile.ReadError("no manifest")
            manifest: dict[str, object] = json.load(archive.extractfile(first))  # type: ignore[arg-type]
            while (member := archive.next()) is not None:
                # "data" refuses entries that would leave the folder
                archive.extract(member, data, filter="data")
    except (tarfile.TarError, zstandard.ZstdError, ValueError) as wrong:
        shutil.rmtree(data)
        raise Refused(
            Words(
                f"{source} 不是 UserOps 备份文件,或已损坏。",
                f"{source} is no UserOps backup, or is damaged.",
            ),
            code="backup_invalid",
        ) from wrong
    (data / "secret.key").chmod(0o600)
    return manifest
