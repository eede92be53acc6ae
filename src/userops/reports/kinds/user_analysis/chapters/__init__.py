"""The chapters of the user analysis report (D1), in order: each a file with its questions and, at its end, its
figures."""

from __future__ import annotations

from userops.reports.kinds.user_analysis.chapters import behaviour, churn, data, personas, segments
from userops.reports.kinds.user_analysis.chapters import size as size_
from userops.reports.kinds.user_analysis.chapters import value as value_
from userops.reports.outline import Chapter
from userops.words import Words

CHAPTERS: tuple[Chapter, ...] = (
    Chapter("conclusion", Words("结论", "Conclusions")),
    Chapter("data", Words("数据范围与质量", "Data: scope and quality"), data.FIGURES),
    Chapter("size", Words("用户规模与构成", "Size and composition"), size_.FIGURES),
    Chapter("personas", Words("用户画像", "Personas"), personas.FIGURES),
    Chapter("behaviour", Words("行为模型", "Behaviour model"), behaviour.FIGURES),
    Chapter("value", Words("价值分层", "Value"), value_.FIGURES),
    Chapter("segments", Words("关键分群", "Key segments"), segments.FIGURES),
    Chapter("churn", Words("流失与机会", "Losses and opportunities"), churn.FIGURES),
    Chapter("advice", Words("建议", "Recommendations")),
)
