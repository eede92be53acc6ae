"""How large a request's body may be, decided from its head: only files to import may be large.

The server keeps a body on the disk before anybody is asked who sent it, so a stranger could fill the
disk through any address. Doors that are open to strangers take what they need and no more: a little above
that the answer is in words (`Doors`), far above it the server hangs up before it has read on (`Parser`).
"""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from userops.errors import Refused
from userops.feedback.files.keeping import MOST_TOGETHER
from userops.web.arriving import Task
from userops.words import Words

SMALL = 64 * 2**20
"""Above what any address but an upload takes, so that it can answer what is too large in its own way."""
LARGE = 4 * 2**30
FILES = MOST_TOGETHER + 2**20
"""Files of one message, and the words beside them."""
ANSWERS = 256 * 2**10
"""Answers to questions, a rating."""
CALLS = 2**20
"""What a platform tells of one message of a chat."""
SLACK = 1.25
"""So much above its limit a body is still read, so that its sender is answered in words."""
DOORS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"/f/[^/]+"), FILES),
    (re.compile(r"/t/[^/]+/say"), FILES),
    (re.compile(r"/(?:f|t|s)/.*"), ANSWERS),
    (re.compile(r"/r/.*"), CALLS),
)
"""Addresses that strangers may write to, the first that fits."""
_UPLOADS = re.compile(r"/p/[^/]+/(?:feedback/)?imports/upload/?|/api/products/[^/]+/imports/?")


def limit_of(path: str) -> int | None:
    """How large a body a public door takes; None for other addresses."""
    return next((limit for pattern, limit in DOORS if pattern.fullmatch(path)), None)


class Parser(HTTPRequestParser):
    """Takes large bodies only where files are uploaded, and only with something to log in by."""

    adj: Any
    arrived: float | None = None
    """When the request was there as a whole."""

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if self.completed:
            self.arrived = time.monotonic()
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        known = "COOKIE" in self.headers or "AUTHORIZATION" in self.headers
        if not (known and self.command == "POST" and _UPLOADS.fullmatch(self.path)):
            limit = limit_of(self.path)
            self.adj = _limited(self.adj, SMALL if limit is None else int(limit * SLACK))


@cache
def _limited(adjustments: Any, size: int) -> Any:
    limited = copy.copy(adjustments)
    limited.max_request_body_size = size
    return limited


class Channel(HTTPChannel):
    parser_class = Parser
    task_class = Task


class BodyTooLarge(Refused):
    code = "body_too_large"
    status = 413


class Doors:
    """Refuses by its length, before anything of it is looked at, what a public door does not take."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = limit_of(request.path_info)
        said = request.META.get("CONTENT_LENGTH") or "0"
        if limit is None or (said.isascii() and said.isdigit() and int(said[:20]) <= limit):
            return self.get_response(request)
        return _refused(request, limit)


def _refused(request: HttpRequest, limit: int) -> HttpResponse:
    shown = f"{limit // 2**20} MB" if limit >= 2**20 else f"{limit // 2**10} kB"
    wrong = BodyTooLarge(
        Words(
            f"内容过大：一次最多 {shown}。请减少或压缩附件后重试。",
            f"Too large: at most {shown} at once. Send fewer or smaller files.",
        )
    )
    if request.headers.get("X-Requested-With") == "fetch":
        words = wrong.words.text(request.headers.get("Accept-Language", "zh")[:2])
        return JsonResponse({"errors": {"files": words}}, status=wrong.status)
    text = f"{wrong.words.zh}\n{wrong.words.en}\n"
    return HttpResponse(text, status=wrong.status, content_type="text/plain; charset=utf-8")
