"""The figures of surveys that reports may ask: each a file, and a line in `FIGURES`."""

from __future__ import annotations

from userops.experience.surveys.figures.scores import SCORES
from userops.records.figure import RecordFigure

FIGURES: tuple[RecordFigure, ...] = (SCORES,)
