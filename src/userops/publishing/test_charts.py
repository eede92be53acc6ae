from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from userops.errors import StoreFailed
from userops.publishing.charts import picture, png
from userops.publishing.charts.colours import rgb, tokens
from userops.publishing.charts.native import native
from userops.publishing.charts.options import incomplete
from userops.publishing.charts.stage import Stage
from userops.publishing.sample import answers


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", list(answers()))
def test_every_kind_is_drawn_in_the_colours_of_the_page(name: str, language: str) -> None:
    drawn = picture(answers()[name]["charts"][language], language)
    ET.fromstring(drawn.svg)
    assert "<style" not in drawn.svg and " style=" not in drawn.svg
    assert any(rgb(tokens()[f"chart-{at}"]) in drawn.svg for at in (1, 2, 3))
    assert "NaN" not in drawn.svg and "undefined" not in drawn.svg


def test_a_picture_in_dots_is_a_png_with_chinese() -> None:
    dots = png(picture(answers()["rfm"]["charts"]["zh"], "zh"), "zh")
    assert dots.startswith(b"\x89PNG") and len(dots) > 20_000


LINE = {"xAxis": {"type": "category", "data": ["a", "b", "c"]}, "yAxis": {"type": "value"}}


@pytest.mark.parametrize(
    ("series", "values", "open_"),
    [
        (
            [
                {"id": "0", "type": "line", "name": "n", "data": [None, 2, None]},
                {"id": "0:dashed", "type": "line", "name": "n", "data": [1, 2, 3]},
            ],
            (1, 2, 3),
            {0, 2},
        ),
        (
            [
                {
                    "type": "line",
                    "name": "n",
                    "data": [1, 2, 3],
                    "userops": {"cut": 1, "unfinished": 1},
                }
            ],
            (1, 2, 3),
            {0, 2},
        ),
        (
            [
                {
                    "type": "bar",
                    "name": "n",
                    "data": [1, 2, {"value": 3, "itemStyle": {"opacity": 0.5}}],
                }
            ],
            (1, 2, 3),
            {2},
        ),
        ([{"type": "bar", "name": "n", "data": [1, 2, 3]}], (1, 2, 3), set()),
    ],
)
def test_incomplete_periods_are_told_apart_in_native_charts(
    series: list[dict[str, Any]], values: tuple[float, ...], open_: set[int]
) -> None:
    drawn = native({**LINE, "series": series})
    assert drawn is not None
    (one,) = drawn.series
    assert (one.values, one.open) == (values, open_)
    assert incomplete({"series": series}) == bool(open_)


def test_both_ends_of_a_line_that_are_incomplete_are_dashed() -> None:
    ends = {"cut": 1, "unfinished": 1}
    line = {"type": "line", "name": "n", "data": [1, 2, 3, 4, 5], "userops": ends}
    whole = {"type": "line", "name": "n", "data": [1, 2, 3, 4, 5]}
    paths = [
        picture({**LINE, "series": [each]}, "zh").svg.count("stroke-dasharray")
        for each in (line, whole)
    ]
    assert paths[0] > paths[1]


def test_names_that_a_page_cuts_are_whole_on_paper() -> None:
    long = "Payment failed: BALANCE_NOT_ENOUGH_IN_WALLET"
    names = {"type": "category", "data": [long], "axisLabel": {"width": 90, "overflow": "truncate"}}
    option = {"xAxis": {"type": "value"}, "yAxis": names, "series": [{"type": "bar", "data": [1]}]}
    root = ET.fromstring(picture(option, "en").svg)
    texts = [each.text or "" for each in root.iter() if each.tag.endswith("text")]
    assert "".join("".join(texts).split()).startswith("".join(long.split()))


def texts_of(option: dict[str, Any]) -> dict[str, float]:
    """The texts of a picture, and where they begin."""
    found: dict[str, float] = {}
    for each in ET.fromstring(picture(option, "en").svg).iter():
        if each.tag.endswith("text") and (text := "".join(each.itertext())):
            anchor = each.get("text-anchor", "start")
            place = re.search(r"translate\(([-\d.]+)", each.get("transform", ""))
            x = float(place[1]) if place else float(each.get("x") or 0)
            found[text] = x - {"start": 0.0, "middle": 3.2, "end": 6.4}[anchor] * len(text)
    return found


def test_the_first_name_of_bars_does_not_begin_outside_the_picture() -> None:
    names = [f"−{at},000 to under −{at - 1},000" for at in range(28, 0, -1)]
    option = {
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value"},
        "series": [{"type": "bar", "data": [1] * 28}],
    }
    assert texts_of(option)[names[0]] >= 0


def test_each_of_two_bars_beside_each_other_carries_its_value() -> None:
    groups = range(8)
    option = {
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": [f"g{at}" for at in groups]},
        "series": [
            {
                "type": "bar", "name": name, "data": [0.101 + first + at / 50 for at in groups],
                "label": {"show": True, "position": "right"},
            }
            for name, first in (("a", 0), ("b", 0.01))
        ],
        "userops": {"format": "percent"},
    }  # fmt: skip
    told = [each for each in texts_of(option) if each.endswith(".1%")]
    assert len(told) == 16


def hostile(name: str) -> dict[str, Any]:
    return {
        "xAxis": {"type": "category", "data": [name, name + "2"]},
        "yAxis": {"type": "value"},
        "series": [{"type": "bar", "name": name, "data": [1, None]}],
    }


@pytest.mark.parametrize(
    "name",
    [
        "</text><script>alert(1)</script>",
        "]]>&amp;<&\"'",
        "`${process}`",
        "});globalThis.x=1;({",
        "\u2028\u2029",
        "עברית العربية",
        "𠮷野家👩‍👩‍👧",
        "a" * 10_000,
    ],
)
def test_hostile_names_stay_texts(name: str) -> None:
    root = ET.fromstring(picture(hostile(name), "zh").svg)
    assert not [each for each in root.iter() if each.tag.endswith("script")]


def test_values_that_are_no_numbers_are_gaps() -> None:
    option = hostile("x") | {"series": [{"type": "line", "data": [float("nan"), float("inf")]}]}
    assert "NaN" not in picture(option, "en").svg


def test_what_cannot_be_drawn_says_so_and_the_next_one_is_drawn() -> None:
    with pytest.raises(StoreFailed) as wrong:
        picture({"series": [{"type": "sankey", "data": 7}]}, "zh")
    assert wrong.value.code == "chart_not_drawn"
    assert picture(hostile("x"), "zh").svg


def test_a_chart_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    stage.draw_limit = 0.2
    with pytest.raises(StoreFailed):
        stage.run("(() => { for (;;); })()")


def test_another_thread_may_begin_anew() -> None:
    def after_a_fault(_at: int) -> str:
        with suppress(StoreFailed):
            Stage().run("no.such.thing")
        return Stage().run("1 + 1")

    for _ in range(2):
        with ThreadPoolExecutor(2) as pool:
            assert set(pool.map(after_a_fault, range(4))) == {"2"}


def test_within_an_event_loop_faults_and_limits_are_the_same() -> None:
    async def drawn() -> str:
        stage = Stage()
        stage.draw_limit = 0.2
        for script in ("no.such.thing", "(() => { for (;;); })()"):
            with pytest.raises(StoreFailed):
                stage.run(script)
        return stage.run("1 + 1")

    assert asyncio.run(drawn()) == "2"


def test_many_threads_draw_the_same() -> None:
    option = answers()["trend"]["charts"]["zh"]
    with ThreadPoolExecutor(6) as pool:
        drawn = set(pool.map(lambda _at: picture(option, "zh").svg.count("<path"), range(12)))
    assert len(drawn) == 1


def test_a_process_that_drew_ends_at_once():
    """Beside an open event engine an engine of charts that is left to the interpreter's end holds it for minutes."""
    script = (
        "import chdb\n"
        "from userops.publishing.charts.stage import stage\n"
        "chdb.query('select 1')\n"
        "print(stage().run('1 + 1'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "2"


def test_labels_of_bars_have_the_same_decimals() -> None:
    option = {
        "xAxis": {"type": "category", "data": ["a", "b"]}, "yAxis": {"type": "value"},
        "series": [{"type": "bar", "data": [0.33, {"value": 0.408}], "label": {"show": True}}],
    }  # fmt: skip
    for kind, values, said in (
        ("percent", [0.33, 0.408], (">33.0%<", ">40.8%<")),
        ("number", [12, 12.5], (">12.0<", ">12.5<")),
        ("count", [3, 12_000], (">3<", ">1.2万<")),
        ("count", [30_000, 12_000], (">3.0万<", ">1.2万<")),
    ):
        series = {**option["series"][0], "data": values}
        svg = picture({**option, "series": [series], "userops": {"format": kind}}, "zh").svg
        assert all(each in svg for each in said), (kind, values)
