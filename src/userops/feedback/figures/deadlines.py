"""The deadlines of tickets as the clocks keep them: when each was due, and when it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from userops.records.figure import NoRecords, Span
from userops.words import Words

PROMISES = {
    "first_response": Words("首次答复", "First response"),
    "next_response": Words("后续答复", "Next response"),
    "resolution": Words("解决", "Resolution"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """`kept`: when it was done, in time or not. `lay_with`: where it lay when it was due, a key of `REASONS`."""

    ticket: int
    promise: str
    due: datetime
    kept: datetime | None
    reopened: bool = False
    lay_with: str = "late"

    def in_time(self, now: datetime) -> bool | None:
        """None while it is neither done nor due."""
        if self.kept is not None and self.kept <= self.due:
            return not self.reopened
        return False if self.due <= now else None

    def late(self, now: datetime) -> float | None:
        """Seconds beyond the due time; None where it was kept at first."""
        end = self.kept or now
        return (end - self.due).total_seconds() if end > self.due else None

    def reason(self, now: datetime) -> str:
        if self.reopened and self.kept is not None and self.kept <= self.due:
            return "reopened"
        return self.lay_with


REASONS = {
    "untaken": Words("到期时还没有人接手", "Nobody had taken it when it was due"),
    "handed_over": Words("到期时在另一团队", "It lay with another team when it was due"),
    "answered": Words("到期时已答复、未解决", "It was answered but not solved when it was due"),
    "silent": Words("到期时负责人还没有答复", "Its owner had not answered when it was due"),
    "reopened": Words("7 天内重开", "Reopened within 7 days"),
    "late": Words("完成得晚", "Done late"),
}


def reason_words(reason: str) -> Words:
    return REASONS[reason]


def deadlines_in(span: Span) -> list[Deadline]:
    """Those that fall in the range, by due time. Raises `NoRecords` where no promise was made."""
    raise NoRecords("还没有 SLA 时限。", "There are no deadlines yet.")


def deadlines_of(product: int, tickets: Sequence[int]) -> list[Deadline]:
    """Those of some tickets."""
    return []
