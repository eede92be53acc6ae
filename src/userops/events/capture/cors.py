"""Cross-origin rules of the doors: any page may send, with whatever headers its SDK uses.

No cookie is ever read by a door (the write key is all there is), so answering with credentials
allowed gives nothing away; `sendBeacon` always sends in that mode and would be refused otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}"
_HEADER_NAMES = re.compile(rf"{_NAME}(, ?{_NAME}){{0,50}}")
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9._~\[\]:%-]{1,300}|null")
_USUAL = "Authorization, Content-Encoding, Content-Type, Dry-Run, X-Requested-With, X-Write-Key"


def cors_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Headers for any answer of a door; `headers` are the request's, in lower case."""
    origin = headers.get("origin", "")
    if not _ORIGIN.fullmatch(origin):
        return (("Vary", "Origin"),)
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", "Retry-After"),
        ("Vary", "Origin"),
    )


def preflight_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Headers for the answer (204, no body) to an `OPTIONS` request."""
    asked = headers.get("access-control-request-headers", "")
    allowed = asked if _HEADER_NAMES.fullmatch(asked) else _USUAL
    private = headers.get("access-control-request-private-network") == "true"
    return (
        *cors_headers(headers),
        ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
        ("Access-Control-Allow-Headers", allowed),
        ("Access-Control-Max-Age", "86400"),
        *((("Access-Control-Allow-Private-Network", "true"),) if private else ()),
    )
