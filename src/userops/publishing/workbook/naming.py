"""Names that sheets may have."""

from __future__ import annotations

import re

LONGEST = 31
_REFUSED = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
RESERVED = frozenset({"history"})


class Names:
    """Each name once, also in another case."""

    def __init__(self) -> None:
        self._taken: set[str] = set(RESERVED)

    def free(self, wanted: str) -> str:
        plain = " ".join(_REFUSED.sub(" ", wanted).split())
        # a character beyond the basic plane counts twice in Excel
        plain = _units(plain, LONGEST).strip() or "1"
        found, number = plain, 2
        while found.lower() in self._taken:
            ending = f" {number}"
            found, number = _units(plain, LONGEST - len(ending)).strip() + ending, number + 1
        self._taken.add(found.lower())
        return found


def _units(text: str, most: int) -> str:
    kept, used = [], 0
    for char in text:
        used += 2 if ord(char) > 0xFFFF else 1
        if used > most:
            break
        kept.append(char)
    return "".join(kept)
