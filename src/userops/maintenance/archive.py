"""A backup: one `.tar.zst` file with the whole data folder in a consistent state.

Without a server the folder is archived as it lies. Of a folder in use a snapshot is made first: hard
links to the parts of the event tables, which never change, and copies of the rest, while no batch is
written. So collecting waits for the snapshot only, and the archive is of one moment.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

from userops import __version__
from userops.errors import Refused
from userops.events.folder import SERVER_FILE
from userops.words import Words

if TYPE_CHECKING:
    from userops.config import Config
    from userops.events.store import Store

MANIFEST = "userops-backup.json"
DATABASES = ("userops.sqlite3", "queue.sqlite3")
SNAPSHOT = ".snapshot"
_writing = threading.Lock()
"""There is one snapshot of a folder at a time."""
LEFT_OUT = ("lock", SERVER_FILE, "static", "backups")
_UNFINISHED = ("tmp_", "delete_tmp_", "tmp-fetch_")
"""How the names of folders begin in which the engine makes a part, or takes one away."""


def refuse_external(config: Config) -> None:
    """Raises `Refused` when a part of the data is not in the folder."""
    if not config.embedded or config.database_url:
        raise Refused(
            Words(
                "数据在外部数据库中，请用它们自己的备份工具。",
                "The data is in external databases: use their own backup tools.",
            ),
            code="backup_external",
        )


def write(data: Path, target: Path) -> dict[str, object]:
    """Write the backup of a folder that nobody writes to; answers its manifest."""
    manifest: dict[str, object] = {
        "version": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
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
        for path in _contents(data):
            if path not in (target, partial):
                archive.add(path, arcname=path.name)
        for name in DATABASES:
            if (data / name).exists():
                _add_database(archive, data / name)
    partial.replace(target)
    return {**manifest, "file": str(target), "bytes": target.stat().st_size}


def write_online(store: Store, target: Path) -> dict[str, object]:
    """Write the backup of the folder of an open store, as it was at one moment."""
    refuse_external(store.config)
    data = store.config.data
    with _writing, _snapshot(store, data / SNAPSHOT) as still:
        return write(still, target)


@contextlib.contextmanager
def _snapshot(store: Store, folder: Path) -> Iterator[Path]:
    shutil.rmtree(folder, ignore_errors=True)  # of a backup that was cut short
    folder.mkdir()
    try:
        with store.batches.idle():
            store.engine.command("system stop merges")
            try:
                _copy_all(store.config.data, folder)
            finally:
                store.engine.command("system start merges")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_all(data: Path, folder: Path) -> None:
    for name in DATABASES:
        if (data / name).exists():
            _copy_database(data / name, folder / name)
    for path in _contents(data):
        if path.is_dir():
            _copy_tree(path, folder / path.name)
        else:
            shutil.copy2(path, folder / path.name)


def _contents(data: Path) -> list[Path]:
    """What belongs into a backup, without the databases, which are copied by themselves."""
    return [
        path
        for path in sorted(data.iterdir())
        if path.name not in (*LEFT_OUT, SNAPSHOT) and not path.name.startswith(DATABASES)
    ]


def _copy_tree(source: Path, target: Path) -> None:
    """Copy a folder whose tables are in use. What vanishes meanwhile is left out as a whole: it is a
    part that another has replaced already, or the staging table of an import that ended."""
    target.mkdir()
    with os.scandir(source) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    part = any(entry.name == "checksums.txt" for entry in listed)
    for entry in listed:
        place = target / entry.name
        try:
            if entry.is_symlink():
                place.symlink_to(Path(entry.path).readlink())
            elif entry.is_dir():
                if not entry.name.startswith(_UNFINISHED):
                    _copy_tree(Path(entry.path), place)
            elif part:
                _link(Path(entry.path), place)
            else:
                shutil.copy2(entry.path, place)
        except FileNotFoundError:
            shutil.rmtree(place, ignore_errors=True)
            if part:
                raise


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def _add_database(archive: tarfile.TarFile, path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        _copy_database(path, copy)
        archive.add(copy, arcname=path.name)


def _copy_database(path: Path, copy: Path) -> None:
    """By SQLite's own online backup."""
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)


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
                f"{source} 不是 UserOps 备份文件，或已损坏。",
                f"{source} is no UserOps backup, or is damaged.",
            ),
            code="backup_invalid",
        ) from wrong
    (data / "secret.key").chmod(0o600)
    return manifest
