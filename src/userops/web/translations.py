"""Message catalogues: `.po` files are kept in git, their compiled `.mo` twins are not.

The build hook and the tests compile them by the one function here: this module imports no Django.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent


def compile_catalogs(root: Path = PACKAGE) -> list[Path]:
    """Compile each catalogue below `root` whose `.mo` is missing or older; the files written."""
    written = []
    for source in sorted(root.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _compile(source, target)
        written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    # a reader must never see half a catalogue
    half = target.with_suffix(".mo.part")
    with half.open("wb") as file:
        write_mo(file, catalog)
    half.replace(target)
