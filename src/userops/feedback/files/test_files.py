"""Files of users: recognised by content, drawn anew, named and served harmlessly."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from userops.errors import NotFound
from userops.feedback.files.images import redrawn
from userops.feedback.files.keeping import (
    MOST_BYTES,
    MOST_FILES,
    keep,
    keep_uploads,
    path_of,
    safe_name,
)
from userops.feedback.files.recognising import BY_NAME, FileRefused, recognise
from userops.feedback.files.serving import file_response

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def package(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpeg"),
        (picture("GIF"), "gif"),
        (picture("WEBP"), "webp"),
        (PDF, "pdf"),
        (package("[Content_Types].xml", "word/document.xml"), "docx"),
        (package("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "mp4"),
        ("支付失败，错误码 42".encode(), "text"),
        ("支付失败，错误码 42".encode("gb18030"), "text"),
        ("支付失败".encode("utf-16"), "text"),
        (b"<script>alert(1)</script>", "text"),
    ],
)
def test_content_tells_the_kind(data: bytes, kind: str):
    assert recognise(data).name == kind


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00", "unknown"),
        (b"\x7fELF\x02\x01\x01\x00", "unknown"),
        (b"", "unknown"),
        (package("readme.txt"), "archive"),
        (package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (b"%PDF-1.4 /OpenAction << /S /JavaScript /JS (x) >> %%EOF", "active_content"),
        (b"PK\x03\x04broken", "unknown"),
    ],
)
def test_what_runs_or_hides_is_refused(data: bytes, found: str):
    with pytest.raises(FileRefused) as wrong:
        recognise(data)
    assert wrong.value.data["found"] == found


def test_an_image_keeps_its_pixels_and_nothing_else():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6  # turned by a quarter
    data, width, height = redrawn(picture("JPEG", exif=exif, comment=b"<script>"), "jpeg")
    assert (width, height) == (30, 40)  # upright now
    assert b"secret" not in data and b"<script>" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()


def test_a_tail_after_an_image_is_gone():
    data, _width, _height = redrawn(picture("PNG") + b"<?php system($_GET[0]); ?>", "png")
    assert b"php" not in data


def test_moving_images_stay_moving():
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], comment=b"hidden")
    data, _width, _height = redrawn(out.getvalue(), "gif")
    with Image.open(io.BytesIO(data)) as image:
        assert image.n_frames == 3
    assert b"hidden" not in data


@pytest.mark.parametrize("side", [8_000, 20_000])
def test_a_picture_that_would_fill_the_memory_is_refused(side: int):
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    with pytest.raises(FileRefused) as wrong:
        redrawn(out.getvalue(), "png")
    assert wrong.value.code == "image_too_large"


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["png", "jpeg", "gif", "webp"]))
def test_broken_images_are_refused_not_met_with_an_accident(noise: bytes, kind: str):
    whole = picture(kind.upper())
    cut = whole[: len(whole) // 2] + noise
    try:
        data, width, height = redrawn(cut, kind)
    except FileRefused:
        return
    assert data and width and height


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_recognised_or_refused(data: bytes):
    try:
        recognise(data)
    except FileRefused as wrong:
        assert wrong.words.zh and wrong.words.en


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("截图 1.PNG", "png", "截图 1.png"),
        ("evil.exe", "text", "evil.exe.txt"),
        ("page.html", "text", "page.html.txt"),
        ("..\\..\\windows\\a.png", "png", "a.png"),
        ("/etc/passwd", "text", "passwd.txt"),
        ("photo\u202egnp.exe", "png", "photo gnp.exe.png"),
        ("", "pdf", "file.pdf"),
        ('a"b;c\r\nX: y.log', "text", "a b c X y.log"),
        ("x" * 500 + ".pdf", "pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_harmless_and_tell_the_truth(name: str, kind: str, safe: str):
    assert safe_name(name, BY_NAME[kind]) == safe


def test_kept_and_served_so_that_no_browser_runs_it(product: Any):
    kept = keep(product, "run.html", b"<script>alert(1)</script>")
    assert len(kept.key) == 32 and kept.name == "run.html.txt"
    path = path_of(product.pk, kept.key)
    assert path.stat().st_mode & 0o777 == 0o600
    answer = file_response(product.pk, kept.key, name=kept.name, media=kept.media)
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[arg-type]
    answer.close()
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("key", ["../../secret.key", "", "a" * 31, "a" * 32 + "/..", "é" * 32])
def test_a_key_is_never_a_path(product: Any, key: str):
    with pytest.raises(NotFound):
        path_of(product.pk, key)


def test_files_of_one_message_come_in_together_or_not_at_all(product: Any):
    good = SimpleUploadedFile("a.png", picture())
    bad = SimpleUploadedFile("b.exe", b"MZ\x90\x00\x03\x00\x00\x00")
    with pytest.raises(FileRefused):
        keep_uploads(product, [good, bad])
    folder = path_of(product.pk, "a" * 32).parent.parent
    assert not [each for each in folder.rglob("*") if each.is_file()]
    with pytest.raises(FileRefused) as wrong:
        keep_uploads(product, [good] * (MOST_FILES + 1))
    assert wrong.value.code == "too_many_files"
    with pytest.raises(FileRefused) as wrong:
        keep(product, "big.txt", b"x" * (MOST_BYTES + 1))
    assert wrong.value.code == "file_too_large"
