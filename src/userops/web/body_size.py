"""How large a request's body may be, decided from its head: only files to import may be large.

The server keeps a body on the disk before anybody is asked who sent it, so a stranger could fill the
disk through any address.
"""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

SMALL = 64 * 2**20
"""Above what any address but an upload takes, so that it can answer what is too large in its own way."""
LARGE = 4 * 2**30
_UPLOADS = re.compile(r"/p/[^/]+/(?:feedback/)?imports/upload/?|/api/products/[^/]+/imports/?")


class Parser(HTTPRequestParser):
    """Takes large bodies only where files are uploaded, and only with something to log in by."""

    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        known = "COOKIE" in self.headers or "AUTHORIZATION" in self.headers
        if not (known and self.command == "POST" and _UPLOADS.fullmatch(self.path)):
            self.adj = _small(self.adj)


@cache
def _small(adjustments: Any) -> Any:
    small = copy.copy(adjustments)
    small.max_request_body_size = SMALL
    return small


class Channel(HTTPChannel):
    parser_class = Parser
