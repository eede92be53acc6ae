"""What an import tells: its progress on the way, and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from userops.errors import UserOpsError
from userops.events.importers.mapping import Mapping
from userops.events.importers.proposing import Note
from userops.events.quality import QualityReport
from userops.words import Words


class ImportCancelled(UserOpsError):  # noqa: N818
    """Nothing was stored; the staged rows let the same import go on later."""

    code = "import_cancelled"
    status = 409


class OvertakenError(UserOpsError):
    """Events of the file came in otherwise after it was read."""

    code = "import_overtaken"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            Words(
                "导入期间，相同的事件不断从别处写入，因此没有写入任何事件。",
                "The same events kept coming in otherwise during the import; it stored none.",
            ),
            hint=Words(
                "停止重发这些事件后再导入一次。",
                "Import the file again when they are sent no more.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an import is. `share` of the file from 0 to 1; `rate` in rows a second."""

    stage: str
    """`reading`, `storing` or `done`."""
    rows: int
    refused: int
    share: float
    rate: float
    seconds_left: float | None

    def as_dict(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """rows = stored + refused + duplicates."""

    run: int | None
    """The `ImportRun`; None after a dry run."""
    rows: int
    stored: int
    refused: int
    duplicates: int
    seconds: float
    mapping: Mapping
    notes: tuple[Note, ...]
    report: QualityReport
    quarantine: Path | None

    def as_dict(self) -> dict[str, object]:
        """What `--json` prints and the API answers."""
        return {
            "run": self.run,
            "rows": self.rows,
            "stored": self.stored,
            "refused": self.refused,
            "duplicates": self.duplicates,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rows / self.seconds) if self.seconds else None,
            "quarantine": str(self.quarantine) if self.quarantine else None,
            "notes": [{"code": note.code, **note.words.as_dict()} for note in self.notes],
            "mapping": msgspec.to_builtins(self.mapping),
            "report": msgspec.to_builtins(self.report),
        }
