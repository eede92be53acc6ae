"""The names of time zones."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def timezone_names() -> tuple[str, ...]:
    """In rising order, such as `Asia/Shanghai`. Kept: the library opens some 600 files each time it is asked."""
    return tuple(sorted(available_timezones()))
