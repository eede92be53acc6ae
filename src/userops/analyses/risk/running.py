"""From the past to the figures of a churn risk."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from userops.analyses.risk.bands import BANDS, band_of
from userops.analyses.risk.document import Risk
from userops.analyses.risk.drivers import drivers
from userops.analyses.risk.history import day_of, last_day
from userops.analyses.risk.learning import FEWEST, TESTS, Floats, Learner, Past, Predictor
from userops.analyses.risk.scoring import Scored, learner, scored
from userops.query.scope import Scope
from userops.stats.proportions import wilson
from userops.stats.scoring import calibration_curve, lift_at, scores
from userops.words import Words

PARTS = 10
SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)
NOTHING: dict[str, Any] = {
    "test": None, "model": None, "calibration": None, "learnt": [], "metrics": [], "curve": [], "lift": [],
    "backtests": [], "bands": [], "drivers": [], "users": None, "expected": None, "sampled": 1,
}  # fmt: skip


def run(document: Risk, scope: Scope) -> dict[str, Any]:
    base = {"as_of": last_day(document, scope).isoformat(), "reason": None, **NOTHING}
    of = learner(document, scope)
    if of is None or not len(of.history.person):
        return {**base, "reason": _too_little(document, None).as_dict()}
    found = [(day, of.predictor(day)) for day in list(of.days(of.last))[:TESTS]]
    tests = [
        (of.past(day), predictor)
        for day, predictor in found
        if predictor is not None and of.past(day).enough
    ]
    now = scored(document, scope, of)
    if now is None or not tests:
        return {**base, "reason": _too_little(document, of).as_dict()}
    return {**base, **_figures(of, now, tests)}


def _too_little(document: Risk, of: Learner | None) -> Words:
    """What is missing."""
    ahead = document.gap + document.window
    needed = max(document.lookback, document.window) + 2 * ahead + document.step
    latest = next(iter(of.days(of.last)), None) if of else None
    known = of.past(latest) if of and latest is not None else None
    if known is not None and not known.enough:
        gone, stayed = int(known.left.sum()), int((1 - known.left).sum())
        return Words(
            f"样本不足，不作预测：每个日期至少需要 {FEWEST} 人流失、{FEWEST} 人留下；"
            f"{day_of(known.frame.day)} 为 {gone:,} 人和 {stayed:,} 人。",
            f"Too few for a prediction: at each day {FEWEST} who left and {FEWEST} who stayed are needed; on "
            f"{day_of(known.frame.day)} there were {gone:,} and {stayed:,}.",
        )
    return Words(
        f"数据不足，不作预测：训练、校准、检验各需一段时间，按当前设置约需 {needed} 天的数据，且每个日期至少有 "
        f"{FEWEST} 人流失、{FEWEST} 人留下。可延长日期范围，或缩短流失天数与回看天数。",
        f"Too little data for a prediction: learning, calibrating and testing need about {needed} days with these "
        f"settings, and at each of them {FEWEST} who left and {FEWEST} who stayed. Take a longer range, or a "
        "shorter window.",
    )


def _figures(of: Learner, now: Scored, tests: list[tuple[Past, Predictor]]) -> dict[str, Any]:
    test, predictor = tests[0]
    chance = predictor.chances(test.frame)
    return {
        "test": _day(test),
        "model": now.predictor.kind,
        "calibration": now.predictor.calibrations[now.predictor.kind].method,
        "learnt": [
            *({**_day(each), "role": "learn"} for each in now.predictor.learnt),
            {**_day(now.predictor.calibrated), "role": "calibrate"},
        ],
        "metrics": _metrics(test, predictor),
        "curve": [asdict(part) for part in calibration_curve(test.left, chance, PARTS)],
        "lift": [_lift(test.left, chance, share) for share in SHARES],
        "backtests": [_backtest(past, made) for past, made in tests],
        "bands": _bands(now, test.left, chance),
        "drivers": drivers(test.frame, test.left),
        "users": len(now.person),
        "expected": float(now.chance.sum()),
        "sampled": of.history.modulo,
    }


def _day(past: Past) -> dict[str, Any]:
    return {
        "day": day_of(past.frame.day).isoformat(),
        "users": len(past.frame),
        "left": int(past.left.sum()),
        "share": float(past.left.mean()),
    }


def _metrics(test: Past, predictor: Predictor) -> list[dict[str, Any]]:
    """Of the models and of the rule, on the day of the test; `used` is the one that was chosen before."""
    chances: dict[str, Floats] = {
        "logistic": predictor.chances(test.frame, "logistic"),
        "boosting": predictor.chances(test.frame, "boosting"),
        "rfm": predictor.rule(test.frame.values),
    }
    return [
        {"model": name, "used": name == predictor.kind, **asdict(scores(test.left, chance))}
        for name, chance in chances.items()
    ]


def _lift(left: Floats, chance: Floats, share: float) -> dict[str, Any]:
    count = max(1, round(len(left) * share))
    top = np.argsort(-chance, kind="stable")[:count]
    gone = int(left[top].sum())
    return {
        "share": share,
        "users": count,
        "left": gone,
        "reached": gone / float(left.sum()),
        "lift": lift_at(left, chance, share),
    }


def _backtest(past: Past, predictor: Predictor) -> dict[str, Any]:
    chance = predictor.chances(past.frame)
    found = asdict(scores(past.left, chance))
    return {**_day(past), "predicted": float(chance.sum()), **found}


def _bands(now: Scored, left: Floats, chance: Floats) -> list[dict[str, Any]]:
    """Users of today by band, and what became of those of the test with the same chances."""
    today, then = band_of(now.chance), band_of(chance)
    found = []
    for place, band in enumerate(BANDS):
        tested = left[then == place]
        gone = int(tested.sum())
        interval = wilson(gone, len(tested)) or (None, None)
        found.append(
            {
                "band": band.name,
                "users": int((today == place).sum()),
                "expected": float(now.chance[today == place].sum()),
                "tested": len(tested),
                "left": gone,
                "share": gone / len(tested) if len(tested) else None,
                "low": interval[0],
                "high": interval[1],
            }
        )
    return found
