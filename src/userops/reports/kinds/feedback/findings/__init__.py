"""What the feedback reports say: rules that read frozen figures, in the order of the chapters."""

from __future__ import annotations

from userops.reports.kinds.feedback.findings import ends, loop, promises, subjects, voice
from userops.reports.outline import Rule

SUMMARY_RULES: tuple[Rule, ...] = (
    *ends.RULES, *promises.RULES, *voice.RULES, *subjects.RULES, *loop.RULES,
)  # fmt: skip
REGISTER_RULES: tuple[Rule, ...] = ends.REGISTER_RULES
