"""The user analysis report of the demo company names what was planted in it, and nothing that was not."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from userops.analyses.answering import forget_answers
from userops.demo.catalogue import EVENTS, PROFILE_PROPERTIES, PROPERTIES
from userops.demo.load import load_demo
from userops.events.models import EventDefinition, PropertyDefinition
from userops.events.store import Store
from userops.reports.actions import create_report
from userops.reports.building import build
from userops.reports.comparing import against_now
from userops.reports.linting import lint_issue
from userops.reports.models import Issue, Sentence
from userops.reports.quoting import references
from userops.reports.test_proof import compare_files
from userops.segments.kept import KEPT

DAYS = ("2026-09-23", "2026-11-21")
TOLD_OF_ANY_COMPANY = {"funnel:weakest", "early_habits:1", "best_group:best", "win_back:win_back"}
"""What is true of every company: a weakest step, a best group. Their figures are cells, tested elsewhere."""


@pytest.fixture
def told(store, engine, tmp_path, make_product, make_user):
    """The truth, and the report of the whole window."""
    product = make_product(slug="demo", timezone="Asia/Shanghai")
    order = {"seed": 5, "events": 300_000, "end": DAYS[1], "days": 60}
    (tmp_path / "demo.json").write_text(json.dumps(order))
    opened = Store(dataclasses.replace(store.config, data=tmp_path), engine=engine)
    load_demo(opened, None, None, lambda *_: None)
    for name in EVENTS:
        EventDefinition.objects.get_or_create(product=product, name=name)
    for of, names in (("event", PROPERTIES), ("user", PROFILE_PROPERTIES)):
        for name in names:
            PropertyDefinition.objects.get_or_create(product=product, of=of, name=name)
    lead = make_user("lead", product)
    issue = create_report(product, "user-analysis", "..".join(DAYS), acting_user=lead)
    build(issue, opened)
    return json.loads((tmp_path / "demo-truth.json").read_text()), issue, opened


def values_of(issue: Issue, row: Sentence) -> dict:
    """What a sentence quotes, by name: the values of its first figure."""
    return issue.figures.get(key=row.evidence[0]).values


def finding(issue: Issue, key: str) -> dict:
    return values_of(issue, issue.sentences.get(key=key))


def test_what_was_planted_is_named_and_nothing_else(told):
    truth, issue, opened = told
    findings = {row.key: row for row in issue.sentences.filter(style="finding")}

    by_channel = truth["retention"]["by_channel"]
    realised = {name: each["realised"]["day_7"]["rate"] for name, each in by_channel.items()}
    stays = issue.figures.get(key="retention_by_segment")
    names = {
        kind: references(findings.pop(f"best_and_worst:{kind}").zh, {stays.key: stays.values})[
            0
        ].value
        for kind in ("best", "worst")
    }
    assert names["worst"]["value"] == min(realised, key=realised.get), realised
    assert names["best"]["value"] == max(realised, key=realised.get), realised

    release = truth["release"]
    for key in ("crashes:1", "lost_payments:1"):
        found = values_of(issue, findings.pop(key))
        assert (found["platform"]["value"], found["version"]["value"]) == (
            release["platform"], release["version"],
        ), key  # fmt: skip

    hour = datetime.fromtimestamp(truth["incident"]["from_ms"] / 1000, UTC)
    local = hour.astimezone(ZoneInfo(truth["time_zone"]))
    hours = [findings.pop(key) for key in list(findings) if key.startswith("failed_hour:")]
    lost = truth["incident"]["realised"]["paid_per_checkout"]
    assert len(hours) == (lost["n"] - lost["k"] >= 3), lost
    for row in hours:
        failed = values_of(issue, row)
        clock = [v["zh"] for n, v in failed.items() if n.startswith("hour_")]
        assert clock == [f"{local:%Y-%m-%d %H:%M}"]
        assert "PAY_GATEWAY_TIMEOUT" in [v["value"] for n, v in failed.items()]
    (peak,) = [findings.pop(key) for key in list(findings) if key.startswith("peaks:")]
    daily = values_of(issue, peak)
    days = {v["value"] for n, v in daily.items() if n.startswith("day_")}
    assert days == {truth["burst"]["date"]}
    assert truth["burst"]["channel"] in peak.key

    (stretch,) = [findings.pop(key) for key in list(findings) if key.startswith("stretches:")]
    assert truth["referral"]["channel"] in stretch.key
    begun = [v["value"] for n, v in daily.items() if n.startswith("from_")]
    assert abs((day(begun[0]) - day(truth["referral"]["from"])).days) <= 3

    wanted = {word for words in truth["unmet_needs"].values() for word in words}
    vain = values_of(issue, findings.pop("searched_in_vain:1"))
    vain |= issue.figures.get(key="empty_searches").values
    searched = {v["value"] for n, v in vain.items() if n.startswith("keyword")}
    assert searched and searched <= wanted

    # four of the planted groups are found as they are, the fifth comes once and stays among the light users
    personas = [findings.pop(key) for key in list(findings) if key.startswith("personas:")]
    assert len(personas) == 4

    assert set(findings) <= TOLD_OF_ANY_COMPANY
    counts = truth["counts"]
    assert finding(issue, "tests:1")["tests"]["value"] == len(truth["test_users"])
    assert issue.figures.get(key="volume").values["events"]["value"] == counts["events"]

    # what keeps it from being issued is only what a person has to say
    assert {each.code for each in lint_issue(issue) if each.level == "block"} == {"unassigned"}
    _proved(issue, opened)


def _proved(issue: Issue, opened: Store) -> None:
    """Its files say what was frozen, number by number, and what was frozen is what is answered afresh."""
    compare_files(issue, issue, "zh")
    forget_answers()
    KEPT.clear()
    found = against_now(issue, opened)
    assert found.nothing, [(each.key, each.what, each.cells[:3]) for each in found.figures]


def day(text: str):
    return datetime.fromisoformat(text)
