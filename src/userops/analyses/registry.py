"""The visible list of analyses: menu, API, CLI and reference pages follow from it, in this order."""

from __future__ import annotations

from dataclasses import dataclass

from userops.analyses.analysis import Analysis
from userops.analyses.attribution import ATTRIBUTION
from userops.analyses.change import change
from userops.analyses.churn import CHURN
from userops.analyses.correlation import CORRELATION
from userops.analyses.distribution import DISTRIBUTION
from userops.analyses.funnel import FUNNEL
from userops.analyses.interval import INTERVAL
from userops.analyses.lifecycle import LIFECYCLE
from userops.analyses.ltv import LTV
from userops.analyses.needs import NEEDS
from userops.analyses.paths import PATHS
from userops.analyses.personas import PERSONAS
from userops.analyses.retention import RETENTION
from userops.analyses.rfm import RFM
from userops.analyses.risk import RISK
from userops.analyses.sessions import SESSIONS
from userops.analyses.stickiness import STICKINESS
from userops.analyses.traits import traits
from userops.analyses.trend import TREND
from userops.analyses.value import VALUE
from userops.words import Words

EVENTS: tuple[Analysis, ...] = (
    TREND,
    FUNNEL,
    RETENTION,
    LIFECYCLE,
    STICKINESS,
    SESSIONS,
    DISTRIBUTION,
    INTERVAL,
    RFM,
    LTV,
    VALUE,
    CHURN,
    RISK,
    PATHS,
    CORRELATION,
    PERSONAS,
    NEEDS,
    ATTRIBUTION,
)
"""Those that ask of events."""
CHANGE = change(EVENTS)
"""Those about the numbers of others are given them here: analyses do not know each other."""

TRAITS = traits((*EVENTS, CHANGE))

ANALYSES: tuple[Analysis, ...] = (*EVENTS, CHANGE, TRAITS)


@dataclass(frozen=True, slots=True)
class Family:
    """Analyses that answer the same sort of question; each analysis is of one."""

    words: Words
    icon: str
    analyses: tuple[Analysis, ...]


FAMILIES: tuple[Family, ...] = (
    Family(Words("趋势与构成", "Trends"), "chart-line", (TREND, DISTRIBUTION, SESSIONS)),
    Family(Words("转化与路径", "Conversion"), "route", (FUNNEL, PATHS, INTERVAL, ATTRIBUTION)),
    Family(
        Words("留存与生命周期", "Retention"),
        "repeat",
        (RETENTION, LIFECYCLE, STICKINESS, CHURN, RISK),
    ),
    Family(Words("价值", "Value"), "coins", (RFM, LTV, VALUE)),
    Family(Words("人群与需求", "People and needs"), "users-group", (PERSONAS, NEEDS, TRAITS)),
    Family(Words("发现原因", "Finding causes"), "zoom-question", (CHANGE, CORRELATION)),
)
"""As the menu folds them."""

BY_KIND: dict[str, Analysis] = {analysis.kind: analysis for analysis in ANALYSES}
