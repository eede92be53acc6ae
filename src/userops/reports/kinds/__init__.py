"""The visible list of reports: adding one is a folder here and a line below."""

from __future__ import annotations

from userops.errors import NotFound
from userops.reports.kinds.feedback import REGISTER, SUMMARY
from userops.reports.kinds.user_analysis import USER_ANALYSIS
from userops.reports.outline import ReportKind
from userops.words import Words

KINDS: tuple[ReportKind, ...] = (USER_ANALYSIS, REGISTER, SUMMARY)

BY_NAME: dict[str, ReportKind] = {kind.name: kind for kind in KINDS}


def kind_of(name: str) -> ReportKind:
    """Raises `NotFound`."""
    found = BY_NAME.get(name)
    if found is None:
        known = ", ".join(BY_NAME)
        raise NotFound(
            Words(
                f"没有名为 {name[:40]!r} 的报告；可用：{known}。",
                f"There is no report {name[:40]!r}; there are: {known}.",
            ),
            code="report_kind_unknown",
        )
    return found
