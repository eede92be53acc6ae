"""Refused rows of an import: all of them in a CSV file, the first ones also in the database."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import polars as pl

from userops.events.models import ImportRun, QuarantinedRow
from userops.spreadsheets import FORMULA

KEPT_ROWS = 10_000
"""Refused rows of one run that the database keeps to be listed and replayed."""
DOOR = "import"


def quarantine_path(data: Path, run: int) -> Path:
    """The file of all refused rows of a run."""
    return data / "quarantine" / f"import-{run}.csv"


def formula_safe(texts: pl.Expr) -> pl.Expr:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return pl.when(texts.str.contains(FORMULA)).then(pl.lit("'") + texts).otherwise(texts)


class Quarantine:
    """Collects the refused rows of a run that is being read. Nothing is kept until `keep`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._first: list[dict[str, Any]] = []
        self._part = path.with_suffix(".part")
        self._file: IO[bytes] | None = None

    def add(self, refused: pl.DataFrame) -> None:
        """`refused`: the columns row, code, detail, raw."""
        if refused.is_empty():
            return
        if self._file is None:
            self._part.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("wb")
            self._file.write(b"\xef\xbb\xbfrow,code,detail,raw\r\n")
        room = KEPT_ROWS - len(self._first)
        self._first += refused.head(max(room, 0)).to_dicts()
        self.count += refused.height
        safe = refused.select(
            "row",
            "code",
            detail=formula_safe(pl.col("detail")),
            raw=formula_safe(pl.col("raw")),
        )
        safe.write_csv(self._file, include_header=False, line_terminator="\r\n")

    def keep(self, run: ImportRun) -> None:
        """Make it last. Call within the transaction that marks the run done."""
        self.close()
        if self._part.exists():
            self._part.replace(self.path)
        QuarantinedRow.objects.bulk_create(
            [
                QuarantinedRow(
                    product_id=run.product_id,
                    door=DOOR,
                    import_run=run,
                    row_number=row["row"],
                    code=row["code"],
                    detail=str(row["detail"])[:500],
                    raw=row["raw"],
                )
                for row in self._first
            ],
            batch_size=1_000,
        )

    def discard(self) -> None:
        self.close()
        self._part.unlink(missing_ok=True)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
