"""The visible list of analyses: menu, API, CLI and reference pages follow from it, in this order."""

from __future__ import annotations

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

ANALYSES: tuple[Analysis, ...] = (*EVENTS, CHANGE, traits((*EVENTS, CHANGE)))

BY_KIND: dict[str, Analysis] = {analysis.kind: analysis for analysis in ANALYSES}
