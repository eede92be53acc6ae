"""Texts of two encodings in one file: letters that a DOS program wrote (CP850) into a file of Windows (CP1252)."""

from __future__ import annotations

import re
from typing import Any

MAY_BE_MIXED = frozenset({"cp1252", "windows-1252", "latin-1", "iso-8859-1"})
_LETTERS = str.maketrans("‚ƒ„†‡ˆ‰Š‹Œ", "éâäåçêëèïî")
"""What CP850's letters look like in CP1252. Its other letters are everyday punctuation there, and stay."""
_AT_A_LETTER = re.compile(r"(?<=[^\W\d_'’])[‚ƒ„†‡ˆ‰Š‹Œ]|[‚ƒ„†‡ˆ‰Š‹Œ](?=[^\W\d_])")


def repair(row: dict[str, Any]) -> int:
    """Mend the cells of a row in place; answers how many that were."""
    count = 0
    for name, text in row.items():
        if isinstance(text, str) and not text.isascii():
            better = repaired(text)
            if better != text:
                row[name], count = better, count + 1
    return count


def repaired(text: str) -> str:
    """The letters as they were meant; a sign that stands at no letter stays as it is."""
    return _AT_A_LETTER.sub(lambda found: found[0].translate(_LETTERS), text)
