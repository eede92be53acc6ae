"""The figures of the desk: each a file, and a line in `FIGURES`."""

from __future__ import annotations

from userops.feedback.figures.closed_loop import CLOSED_LOOP
from userops.feedback.figures.closing import CLOSING
from userops.feedback.figures.flow import FLOW
from userops.feedback.figures.on_time import ON_TIME, OVERDUE
from userops.feedback.figures.pareto import PARETO
from userops.feedback.figures.register import REGISTER
from userops.feedback.figures.reopening import REOPENING
from userops.feedback.figures.requirements import REQUIREMENTS
from userops.feedback.figures.satisfaction import SATISFACTION
from userops.feedback.figures.serious import SERIOUS
from userops.feedback.figures.topics import TOPICS
from userops.records.figure import RecordFigure

FIGURES: tuple[RecordFigure, ...] = (
    REGISTER, FLOW, CLOSING, PARETO, REOPENING, ON_TIME, OVERDUE, SATISFACTION, SERIOUS, CLOSED_LOOP, TOPICS,
    REQUIREMENTS,
)  # fmt: skip
