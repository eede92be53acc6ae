"""A kept file as an answer that no browser runs, whatever is in it."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.http import content_disposition_header

from userops.errors import NotFound
from userops.feedback.files.keeping import path_of
from userops.feedback.hints import LOAD_AGAIN
from userops.words import Words

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def file_response(product: int, key: str, *, name: str, media: str) -> FileResponse:
    """To be saved, or shown within an `<img>` or `<video>` of our own pages. Raises `NotFound`.

    The caller has checked that the reader may see it.
    """
    try:
        file = path_of(product, key).open("rb")
    except OSError:
        raise NotFound(
            Words("这个文件已不在。", "This file is gone."),
            code="file_not_found",
            hint=LOAD_AGAIN,
        ) from None
    response = FileResponse(file, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600"
    return response
