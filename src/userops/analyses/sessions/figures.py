"""The figures of sessions: one record owns the name, the label and the type of each."""

from __future__ import annotations

from dataclasses import dataclass

from userops.words import Words


@dataclass(frozen=True, slots=True)
class Figure:
    """`type` as of a table's column."""

    name: str
    words: Words
    type: str

    @property
    def format(self) -> str:
        """As a chart names the type."""
        return {"whole": "count", "share": "percent"}.get(self.type, self.type)


FIGURES: tuple[Figure, ...] = (
    Figure("sessions", Words("会话数", "Sessions"), "whole"),
    Figure("users", Words("用户数", "Users"), "whole"),
    Figure("per_user", Words("人均会话数", "Sessions per user"), "number"),
    Figure("median_seconds", Words("时长中位数", "Median length"), "seconds"),
    Figure("mean_seconds", Words("平均时长", "Mean length"), "seconds"),
    Figure("p90_seconds", Words("时长 P90", "P90 length"), "seconds"),
    Figure("depth", Words("平均深度", "Mean depth"), "number"),
    Figure("median_depth", Words("深度中位数", "Median depth"), "number"),
    Figure("bounce_rate", Words("跳出率", "Bounce rate"), "share"),
)
BY_NAME: dict[str, Figure] = {figure.name: figure for figure in FIGURES}

LENGTHS = (0, 10, 30, 60, 180, 600, 1_800, 3_600, 7_200)
"""Where the parts of the histogram of lengths begin, in seconds."""
DEPTHS = (1, 2, 3, 4, 5, 6, 11, 21, 51, 101)
"""Where those of the histogram of events begin."""


def edges(view: str) -> tuple[int, ...]:
    return LENGTHS if view == "length" else DEPTHS
