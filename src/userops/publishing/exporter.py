"""What all exporters are: a name of files, and a function from a publication to bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from userops.publishing.content import Publication


@dataclass(frozen=True, slots=True)
class Exporter:
    extension: str
    media_type: str
    write: Callable[[Publication], bytes]
