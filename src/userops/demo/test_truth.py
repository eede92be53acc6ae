"""The workbench finds exactly what the simulator counted for itself."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from userops.analyses.answering import answer
from userops.demo.load import load_demo
from userops.demo.truth import days_open
from userops.events.store import Store

DAYS = {"from": "2026-09-23", "to": "2026-11-21"}
END = datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The company is asked as of its last moment: what is not over then would count as not done later on."""


@pytest.fixture
def loaded(store, engine, tmp_path, make_product):
    return load(store, engine, tmp_path, make_product, 30_000)


def load(store, engine, tmp_path, make_product, events):
    make_product(slug="demo", timezone="Asia/Shanghai")
    order = {"seed": 5, "events": events, "end": DAYS["to"], "days": 60}
    (tmp_path / "demo.json").write_text(json.dumps(order))
    store = Store(dataclasses.replace(store.config, data=tmp_path), engine=engine)
    return store, load_demo(store, None, None, lambda *_: None)


def ask(store, kind, **fields):
    document = {"kind": kind, "product": "demo", "range": DAYS, "until": END.isoformat()} | fields
    return answer(document, store).result


def test_the_workbench_finds_the_truth(loaded):
    store, demo = loaded
    truth = json.loads((store.config.data / "demo-truth.json").read_text())

    opened = ask(store, "trend", series=[{"event": "app_open", "measure": "users"}])
    company = demo.order.simulate()
    active = days_open(company.scene, company.rows).sum(axis=0)
    assert [n for _, n in opened["series"][0]["points"]] == active.tolist()

    for day in (1, 7, 30):
        # cohorts whose day `day` lies inside the window: after it there is no data to come back in
        last = date.fromisoformat(DAYS["to"]) - timedelta(day)
        retained = ask(
            store,
            "retention",
            range={**DAYS, "to": last.isoformat()},
            start="first_visit",
            **{"return": "app_open"},
            periods=30,
            breakdown=["channel"],
        )
        found = {each["breakdown"]["channel"]: each["average_kn"] for each in retained["breakdown"]}
        for channel, rates in truth["retention"]["by_channel"].items():
            realised = rates["realised"][f"day_{day}"]
            assert found[channel][day] == [realised["k"], realised["n"]], (channel, day)

    for event, count in truth["counts"]["by_event"].items():
        total = ask(store, "trend", series=[{"event": event}])["series"][0]["total"]
        assert total == count, event


def test_what_was_planted_behind_retention_is_found(store, engine, tmp_path, make_product):
    """People stay by the channel that brought them: planned day-7 rates run from 10.5% to 34%."""
    store, _ = load(store, engine, tmp_path, make_product, 60_000)
    truth = json.loads((store.config.data / "demo-truth.json").read_text())["retention"]
    found = ask(
        store,
        "correlation",
        start="first_visit",
        goal={"event": "app_open", "from": 7, "to": 13},
        properties=["channel"],
        min_support=15,
    )
    # those who come often stay: planted as the habit of each persona
    assert "active_days" in [each["kind"] for each in found["candidates"][:3]]
    channels = [each for each in found["candidates"] if each["kind"] == "property"]
    planned = {name: rates["planned"]["day_7"] for name, rates in truth["by_channel"].items()}
    worst = min(planned, key=lambda name: planned[name])
    assert (channels[0]["value"], channels[0]["significant"]) == (worst, True)
    assert channels[0]["difference_interval"][1] < 0
    best = sorted(planned, key=lambda name: planned[name])[-3:]
    above = max(channels, key=lambda each: each["difference"])
    assert above["value"] in best and above["difference"] > 0


def test_the_risk_of_leaving_is_right_and_beats_the_rule(store, engine, tmp_path, make_product):
    store, _demo = load(store, engine, tmp_path, make_product, 120_000)
    found = ask(store, "risk", event="app_open")
    scores = {each["model"]: each for each in found["metrics"]}
    used = next(each for each in found["metrics"] if each["used"])
    assert 0.8 < used["ratio"] < 1.25
    for worse_if_higher in ("log_loss", "brier", "ece"):
        assert used[worse_if_higher] < scores["rfm"][worse_if_higher], worse_if_higher
    # those of rare habits and those who came once are planted to leave
    assert found["drivers"][0]["feature"] in ("active_days", "core", "active_days_7")
