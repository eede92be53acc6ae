"""What a file really is: its content decides, never its name or what the sender says of it.

Only a few kinds are taken: what people send to a support desk, and nothing that runs. Archives are refused,
because what is inside cannot be told without opening it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from userops.errors import Refused
from userops.words import Words

_CONVERT = Words(
    "请转换为其中一种格式，如截图或 PDF。",
    "Convert it to one of these, such as a screenshot or a PDF.",
)
MOST_ENTRIES = 5_000
"""Parts of an office document."""
SHORTEST_TEXT = 1
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_OFFICE = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_RUNS = re.compile(r"(?i)(^|/)(vbaproject\.bin|.*\.(exe|dll|js|vbs|bat|cmd|scr|lnk))$")
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA)\b")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken. `endings`: names may keep one of them; the first is given otherwise."""

    name: str
    media: str
    endings: tuple[str, ...]
    words: Words

    @property
    def image(self) -> bool:
        return self.media.startswith("image/")


_OFFICE_MEDIA = "application/vnd.openxmlformats-officedocument."
KINDS: tuple[Kind, ...] = (
    Kind("png", "image/png", (".png",), Words("PNG 图片", "PNG image")),
    Kind("jpeg", "image/jpeg", (".jpg", ".jpeg"), Words("JPEG 图片", "JPEG image")),
    Kind("gif", "image/gif", (".gif",), Words("GIF 图片", "GIF image")),
    Kind("webp", "image/webp", (".webp",), Words("WebP 图片", "WebP image")),
    Kind("pdf", "application/pdf", (".pdf",), Words("PDF 文档", "PDF document")),
    Kind(
        "docx",
        _OFFICE_MEDIA + "wordprocessingml.document",
        (".docx",),
        Words("Word 文档", "Word document"),
    ),
    Kind(
        "xlsx", _OFFICE_MEDIA + "spreadsheetml.sheet", (".xlsx",), Words("Excel 表格", "Excel book")
    ),
    Kind(
        "pptx",
        _OFFICE_MEDIA + "presentationml.presentation",
        (".pptx",),
        Words("PowerPoint 演示文稿", "PowerPoint slides"),
    ),
    Kind("mp4", "video/mp4", (".mp4", ".mov", ".m4v"), Words("MP4 视频", "MP4 video")),
    Kind("webm", "video/webm", (".webm",), Words("WebM 视频", "WebM video")),
    Kind(
        "text",
        "text/plain; charset=utf-8",
        (".txt", ".log", ".json", ".har", ".md"),
        Words("纯文本", "plain text"),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
ACCEPTED = ",".join(ending for kind in KINDS for ending in kind.endings)
"""For the `accept` of a file field; the server looks again."""


class FileRefused(Refused):
    code = "file_kind_refused"


def recognise(data: bytes) -> Kind:
    """The kind of a file. Raises `FileRefused` for one that is not taken, saying why."""
    for begins, look in _LOOKS:
        if begins(data):
            return BY_NAME[look(data)]
    return BY_NAME[_text(data)]


def plain(data: bytes) -> str:
    """A text file's text, whatever its encoding. Raises `FileRefused`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _unknown() from None


def _text(data: bytes) -> str:
    text = plain(data)
    if len(text) < SHORTEST_TEXT or _CONTROL.search(text):
        raise _unknown()
    return "text"


def _pdf(data: bytes) -> str:
    if b"%%EOF" not in data[-2_048:]:
        raise FileRefused(
            Words("PDF 文件不完整。", "The PDF file is not complete."),
            hint=_CONVERT,
        )
    if _ACTIVE_PDF.search(data):
        raise FileRefused(
            Words(
                "PDF 含有脚本、自动动作或内嵌文件，不予接收。",
                "The PDF holds scripts, actions of its own or other files, and is not taken.",
            ),
            hint=Words("请打印为 PDF 后再上传。", "Print it to PDF and send that."),
            found="active_content",
        )
    return "pdf"


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _unknown() from None
    found = next((kind for part, kind in _OFFICE.items() if part in names), "")
    if not found or "[Content_Types].xml" not in names or len(names) > MOST_ENTRIES:
        raise FileRefused(
            Words(
                "不接收压缩包：无法确认其中的内容。",
                "Archives are not taken: what is inside cannot be told.",
            ),
            hint=Words("请解压后逐个上传。", "Unpack it and send the files one by one."),
            found="archive",
        )
    if any(_RUNS.search(name) for name in names):
        raise FileRefused(
            Words("文档含有宏或程序，不予接收。", "The document holds macros or programs."),
            hint=Words("请另存为不含宏的文档。", "Save it without macros."),
            found="macros",
        )
    return found


def _box(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in _MP4


_MP4 = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  ")
_LOOKS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], str]], ...] = (
    (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), lambda data: "png"),
    (lambda data: data.startswith(b"\xff\xd8\xff"), lambda data: "jpeg"),
    (lambda data: data.startswith((b"GIF87a", b"GIF89a")), lambda data: "gif"),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", lambda data: "webp"),
    (lambda data: data.startswith(b"%PDF-"), _pdf),
    (lambda data: data.startswith(b"PK"), _office),
    (_box, lambda data: "mp4"),
    (
        lambda data: data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:64],
        lambda data: "webm",
    ),
)


def _unknown() -> FileRefused:
    known_zh = "、".join(kind.words.zh for kind in KINDS)
    known_en = ", ".join(kind.words.en for kind in KINDS)
    return FileRefused(
        Words(
            f"不接收这种文件。可以上传：{known_zh}。",
            f"This kind of file is not taken. Taken: {known_en}.",
        ),
        found="unknown",
        hint=_CONVERT,
    )
