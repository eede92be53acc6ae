"""Images are drawn anew: what hides in them, where they were taken included, does not come in."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from userops.feedback.files.recognising import FileRefused
from userops.words import Words

MOST_PIXELS = 40_000_000
"""Of all frames together: a small file must not become gigabytes of memory."""
MOST_FRAMES = 200
QUALITY = 88


def redrawn(data: bytes, kind: str) -> tuple[bytes, int, int]:
    """The image without anything but its pixels, its width and its height. Raises `FileRefused`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
                return _drawn(image, kind)
    except FileRefused:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:  # noqa: BLE001 - decoders of broken images raise whatever they meet
        raise FileRefused(
            Words("图片已损坏，无法打开。", "The image is damaged and cannot be opened."),
            code="image_damaged",
            hint=Words(
                "请重新截图或另存后再上传。",
                "Take the screenshot again or save it anew, then upload it.",
            ),
        ) from None


def _drawn(image: Image.Image, kind: str) -> tuple[bytes, int, int]:
    frames = int(getattr(image, "n_frames", 1)) if kind in ("gif", "webp") else 1
    if image.width * image.height * frames > MOST_PIXELS or frames > MOST_FRAMES:
        raise _too_large()
    out = io.BytesIO()
    if frames > 1:
        image.save(
            out, kind.upper(), save_all=True, exif=b"", xmp=b"", icc_profile=None, comment=b""
        )
        return out.getvalue(), image.width, image.height
    upright = ImageOps.exif_transpose(image)
    clean = _pixels(upright, kind)
    clean.save(out, kind.upper(), **({"quality": QUALITY} if kind in ("jpeg", "webp") else {}))
    return out.getvalue(), clean.width, clean.height


def _pixels(image: Image.Image, kind: str) -> Image.Image:
    """A new image of the same pixels: nothing of the old one's chunks, comments or profiles."""
    modes = {"jpeg": ("L", "RGB"), "gif": ("L", "P", "RGB", "RGBA")}
    allowed = modes.get(kind, ("L", "RGB", "RGBA"))
    plain = image if image.mode in allowed else image.convert(_mode(image, kind))
    clean = plain.copy()
    transparent = plain.info.get("transparency")
    clean.info = {} if transparent is None else {"transparency": transparent}
    return clean


def _mode(image: Image.Image, kind: str) -> str:
    return "RGBA" if kind != "jpeg" and image.has_transparency_data else "RGB"


def _too_large() -> FileRefused:
    return FileRefused(
        Words(
            f"图片过大：最多共 4000 万像素、{MOST_FRAMES} 帧。",
            f"The image is too large: at most 40 million pixels in all and {MOST_FRAMES} frames.",
        ),
        code="image_too_large",
        hint=Words("请缩小图片后再上传。", "Make the image smaller, then upload it again."),
    )
