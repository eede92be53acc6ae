"""What callers send."""

from __future__ import annotations

from ninja import Schema
from pydantic import ConfigDict


class RequestBody(Schema):
    """A field that there is not is refused: a slip of the pen would otherwise change nothing, and say so to nobody."""

    model_config = ConfigDict(extra="forbid")
