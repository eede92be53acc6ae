"""The questions, each a folder: the document, the SQL of the others, the pandas function."""

from __future__ import annotations

from bench.question import Question
from bench.questions import (
    attribution,
    dau_90d,
    distribution,
    funnel_4_7d,
    funnel_breakdown,
    lifecycle_week,
    paths,
    retention_30x30,
    rolling_wau,
    segment_a2_not_b,
    stickiness,
    timeline,
    trend_property_filter,
    uniques_90d,
)

QUESTIONS: tuple[Question, ...] = (
    dau_90d.QUESTION,
    uniques_90d.QUESTION,
    rolling_wau.QUESTION,
    trend_property_filter.QUESTION,
    funnel_4_7d.QUESTION,
    funnel_breakdown.QUESTION,
    retention_30x30.QUESTION,
    lifecycle_week.QUESTION,
    stickiness.QUESTION,
    segment_a2_not_b.QUESTION,
    paths.QUESTION,
    timeline.QUESTION,
    distribution.QUESTION,
    attribution.QUESTION,
)
BY_NAME = {each.name: each for each in QUESTIONS}
