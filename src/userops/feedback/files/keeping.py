"""Files in the data folder, each under a name of random letters; the shown name is kept beside it."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from django.http import HttpRequest

from userops.config import current
from userops.errors import NotFound
from userops.events.models import Product
from userops.feedback.files.images import redrawn
from userops.feedback.files.recognising import FileRefused, Kind, recognise
from userops.feedback.hints import LOAD_AGAIN
from userops.words import Words

MOST_BYTES = 10 * 2**20
"""Of one file."""
MOST_FILES = 5
"""Of one message."""
MOST_TOGETHER = 25 * 2**20
"""Bytes of all files of one message of a stranger."""
LONGEST_NAME = 120
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*;%\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')


class Upload(Protocol):
    """A file that a browser sent."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came otherwise, whole."""

    name: str
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def chunks(self) -> Iterable[bytes]:
        return (self.data,)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken. `key` names it in the data folder; `media` is what it really is."""

    key: str
    name: str
    media: str
    size: int
    digest: str
    width: int | None = None
    height: int | None = None
    content_id: str = ""
    """By which the mail that it came with shows it among its words."""

    @property
    def image(self) -> bool:
        return self.media.startswith("image/")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def keep(product: Product, name: str, data: bytes) -> Kept:
    """Look at a file, draw images anew, and store it. Raises `FileRefused`."""
    if len(data) > MOST_BYTES:
        raise too_large(name)
    kind = recognise(data)
    width = height = None
    if kind.image:
        data, width, height = redrawn(data, kind.name)
    key = secrets.token_urlsafe(24)
    _write(path_of(product.pk, key), data)
    digest = hashlib.sha256(data).hexdigest()
    return Kept(key, safe_name(name, kind), kind.media, len(data), digest, width, height)


def keep_uploads(product: Product, uploads: Iterable[Upload]) -> tuple[Kept, ...]:
    """All files of one message, or none: when one is refused the others are dropped. Raises `FileRefused`."""
    kept: list[Kept] = []
    given = list(uploads)
    if len(given) > MOST_FILES:
        raise FileRefused(
            Words(f"一次最多 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files at once."),
            code="too_many_files",
            hint=Words("请分几条消息发送。", "Send them with several messages."),
        )
    try:
        for upload in given:
            kept.append(keep(product, upload.name or "", _read(upload)))  # noqa: PERF401
    except BaseException:
        for each in kept:
            discard(product.pk, each.key)
        raise
    return tuple(kept)


@contextmanager
def kept_uploads(product: Product, uploads: Iterable[Upload]) -> Iterator[tuple[Kept, ...]]:
    """The files of one message, gone again when what they came with is refused. Raises `FileRefused`."""
    files = keep_uploads(product, uploads)
    try:
        yield files
    except BaseException:
        for each in files:
            discard(product.pk, each.key)
        raise


def uploads_of(request: HttpRequest) -> list[Upload]:
    """The files that came with a form."""
    found: list[Any] = request.FILES.getlist("files")
    return found


def _read(upload: Upload) -> bytes:
    if (upload.size or 0) > MOST_BYTES:
        raise too_large(upload.name or "")
    return b"".join(upload.chunks())


def too_large(name: str) -> FileRefused:
    shown = " ".join(name.split())[-60:]
    return FileRefused(
        Words(f"文件“{shown}”超过 10 MB。", f"The file “{shown}” is larger than 10 MB."),
        code="file_too_large",
        hint=Words("请压缩或拆分后再上传。", "Compress or split it, then upload it again."),
    )


def path_of(product: int, key: str) -> Path:
    """Where a file is. Raises `NotFound` for a key that is none."""
    if not _KEY.fullmatch(key):
        raise NotFound(
            Words("没有这个文件。", "There is no such file."),
            code="file_not_found",
            hint=LOAD_AGAIN,
        )
    return current().data / "feedback" / str(int(product)) / key[:2] / key


def discard(product: int, key: str) -> None:
    path_of(product, key).unlink(missing_ok=True)


def safe_name(name: str, kind: Kind) -> str:
    """The sender's name for the file, harmless in every system, with an ending that tells the truth."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    plain = " ".join(_UNSAFE.sub(" ", plain).split()).strip(". ") or "file"
    ending = next((each for each in kind.endings if plain.lower().endswith(each)), "")
    stem = plain[: len(plain) - len(ending)] if ending else plain
    ending = ending or kind.endings[0]
    return f"{stem[: LONGEST_NAME - len(ending)].strip('. ') or 'file'}{ending}"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
