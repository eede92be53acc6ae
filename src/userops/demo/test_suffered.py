"""The comparison of pain points finds the one with a planted price, and calls no other one clear."""

from __future__ import annotations

from datetime import datetime

from userops.audience import people
from userops.demo.desk.opening import open_desk
from userops.demo.suffered import POINTS, keep_pain_points
from userops.demo.test_truth import END, ask, load
from userops.experience.pain_points.actions import compute_now
from userops.experience.pain_points.models import PainPoint
from userops.experience.pain_points.ranking import ranked


class AtTheEnd(datetime):
    """The clock when the company's data have just ended."""

    @classmethod
    def now(cls, tz=None):
        return END.astimezone(tz)


def test_crashes_make_people_leave_and_nothing_else_does(
    store, engine, tmp_path, make_product, make_user, monkeypatch
):
    monkeypatch.setattr(people, "datetime", AtTheEnd)
    store, demo = load(store, engine, tmp_path, make_product, 200_000)
    owner = make_user("admin")
    open_desk(store, demo.product, demo.order, owner, "zh-hans")
    keep_pain_points(store, demo.product, owner, "zh-hans")
    keep_pain_points(store, demo.product, owner, "zh-hans")  # kept once
    points = {each.title: each for each in PainPoint.objects.filter(product=demo.product)}
    assert {*points} == {each.title.zh for each in POINTS}
    assert all(each.category for each in points.values())
    for point in points.values():
        run = compute_now(store, point, acting_user=owner)
        assert run.state == "done", run.problem
    rows = ranked(points.values())
    crash, *others = rows
    assert (crash.point.title, crash.verdict) == ("应用闪退", "clear")
    # planted: three in ten never come back
    assert crash.left["low"] > 0.15 and crash.left["high"] < 0.45
    assert [each.verdict for each in others] == ["unclear", "unclear"]
    unmet = {"event": "search", "filters": [{"property": "result_count", "op": "eq", "value": 0}]}
    asked = ask(store, "trend", series=[{**unmet, "measure": "users"}])["series"][0]["total"]
    found = next(each for each in others if each.point.title == "搜不到想要的商品")
    assert 0.9 * asked < found.figures["hit"]["users"] <= asked  # its range ends a day earlier
