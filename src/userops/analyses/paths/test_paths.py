from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.paths import PATHS, oracle
from userops.analyses.paths.document import PathsDocument

MINUTE = 60_000
# around these days clocks go forward or back
ZONES = {
    "America/New_York": date(2024, 3, 10),
    "Asia/Shanghai": date(2024, 2, 29),
    "Europe/Berlin": date(2024, 10, 27),
}
SHANGHAI = {"property": "city", "op": "is", "value": "上海"}
GOLD = {"property": "level", "op": "is_not", "value": "gold", "of": "user"}


@st.composite
def streams(draw: st.DrawFn) -> dict[str, Any]:
    """Events of few persons close to each other, some at the edges of days, sessions and windows."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = ZONES[zone]
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    near = st.integers(-6, 90).map(lambda n: n * 10 * MINUTE)
    edge = st.sampled_from([-1, 0, 1, 30 * MINUTE, 30 * MINUTE + 1, 60 * MINUTE, 60 * MINUTE + 1])
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["open", "view", "view", "pay"]),
            "uid": st.integers(0, 4),
            "ts": st.builds(lambda n, e: middle + n + e, near, edge),
            "city": st.sampled_from(["上海", "北京", ""]),
            "page": st.sampled_from(["/a", "/b", "/c"]),
            "session": st.sampled_from(["", "", "s1", "s2"])
            if draw(st.booleans())
            else st.just(""),
        }
    )
    return {
        "events": draw(
            st.lists(event, min_size=draw(st.sampled_from([0, 20, 25, 30])), max_size=40)
        ),
        "timezone": zone,
        "merges": draw(st.dictionaries(st.integers(3, 4), st.integers(0, 2), max_size=2)),
        "profiles": draw(
            st.dictionaries(st.integers(0, 4), st.just({"level": "gold"}), max_size=2)
        ),
        "first": day,
        "last": day + timedelta(days=draw(st.integers(0, 1))),
    }


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    page = {"event": "view", "property": "page"}
    return {
        "events": draw(
            st.sampled_from([["*"], [page, "pay"], ["view", "open"], [{"event": "*", "filters": [SHANGHAI]}]])
        ),
        "exclude": draw(st.sampled_from([[], ["open"], [{"event": "view", "filters": [SHANGHAI]}]])),
        "start": draw(st.sampled_from([None, "open", "view", {"event": "view", "filters": [SHANGHAI]}])),
        "end": draw(st.sampled_from([None, None, "pay", {"event": "view", "filters": [SHANGHAI]}])),
        "within": draw(st.sampled_from(["session", "window"])),
        "span": "1h",
        "max_steps": draw(st.integers(2, 5)),
        "collapse": draw(st.sampled_from(["repeats", "loops", "none"])),
        "count": draw(st.sampled_from(["paths", "users"])),
        "top": draw(st.integers(1, 4)),
        "min_share": draw(st.sampled_from([0, 0, 0.3])),
        "filters": draw(st.sampled_from([[], [], [GOLD]])),
    }  # fmt: skip


def question(first: date, last: date, **fields: Any) -> PathsDocument:
    days = {"from": first, "to": last}
    given = {name: value for name, value in fields.items() if value is not None}
    return PathsDocument.model_validate({"product": "shop", "range": days, **given})


def _is(row: dict[str, Any], step: Any) -> bool:
    """Whether a row is a step as the tests write it."""
    if step is None:
        return False
    step = {"event": step} if isinstance(step, str) else step
    city = not step.get("filters") or row["city"] == "上海"
    return step["event"] in ("*", row["event"]) and city


def oracle_rows(stream: dict[str, Any], chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """The stream as the oracle takes it: who, and which node by the first part that fits."""
    rows = []
    for row in stream["events"]:
        person = stream["merges"].get(row["uid"], row["uid"])
        fits = not chosen["filters"] or person not in stream["profiles"]
        key, rank = None, (-1, "")
        left_out = any(_is(row, each) for each in chosen["exclude"])
        parts = [
            *((str(at), part) for at, part in enumerate(chosen["events"]) if not left_out),
            ("start", chosen["start"]),
            ("end", chosen["end"]),
        ]  # fmt: skip
        for place, (family, part) in enumerate(parts):
            if key is None and fits and _is(row, part):
                by_page = isinstance(part, dict) and part.get("property")
                name = row["page"] if by_page else row["event"]
                order = place if family.isdigit() else {"start": 90, "end": 91}[family]
                key, rank = f"{family}:{name}", (order, name)
        rows.append(
            {
                "person": person, "ts": row["ts"], "session": row["session"], "key": key, "rank": rank,
                "starts": fits and _is(row, chosen["start"]), "ends": fits and _is(row, chosen["end"]),
            }
        )  # fmt: skip
    return rows


def expected(scope: Any, document: PathsDocument, rows: list[dict[str, Any]]) -> tuple[Any, int]:
    begin, end = document.range.bounds(scope.zone)
    rules = oracle.Rules(
        begin, end, document.start is not None, document.end is not None,
        document.within == "session", 60 * MINUTE, document.collapse, document.count == "users",
    )  # fmt: skip
    return oracle.ways(rows, rules)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stream=streams(), chosen=options())
def test_the_ways_are_those_of_the_oracle(make_scope, stream, chosen):
    scope = make_scope(
        stream["events"], timezone=stream["timezone"], merges=stream["merges"], profiles=stream["profiles"]
    )  # fmt: skip
    document = question(stream["first"], stream["last"], **chosen)
    rows = oracle_rows(stream, chosen)
    ways, begun = expected(scope, document, rows)
    result = PATHS.run(document, scope)
    shown = [oracle.shown(way, document.max_steps, document.between) for way in ways]
    assert (result["paths"], result["begun"]) == (len(ways), begun)
    assert result["users"] == len({way[0]["person"] for way in ways})
    longer = [len(way) > document.max_steps and not document.between for way in ways]
    common = Counter((tuple(way), more) for way, more in zip(shown, longer, strict=True))
    assert {(tuple(e["nodes"]), e["continued"]): e["count"] for e in result["common"]} == common
    _check_steps(document, result, shown, longer)
    _check_flow(result, document)
    _check_people(document, scope, result, ways, shown, longer)
    _check_matrix(document, scope, ways)


def _check_steps(document, result, shown, longer):
    """Each node that is told apart has the oracle's count, and the others make up the rest."""
    for step, counts in oracle.counts(shown).items():
        found = result["steps"][step - 1]
        nodes = {node["node"]: node["count"] for node in found["nodes"]}
        assert found["count"] == counts.total() == sum(nodes.values())
        for key, count in nodes.items():
            assert key == "$others" or counts[key] == count
        told = [key for key in nodes if not key.startswith("$")]
        merged = [counts[key] for key in counts if key not in nodes and not key.startswith("$")]
        if not document.between:
            assert len(told) <= document.top
            assert all(counts[key] >= document.min_share * len(shown) for key in told)
            if len(told) == document.top and merged:
                assert max(merged) <= min(counts[key] for key in told)
    ended = Counter(len(way) for way, more in zip(shown, longer, strict=True) if not more)
    for step in result["steps"]:
        assert sum(node["ended"] for node in step["nodes"]) == ended[step["step"]]
    assert sum(n["continued"] for s in result["steps"] for n in s["nodes"]) == sum(longer)


def _check_flow(result, document):
    """Flows in = flows out at every node."""
    into: Counter[Any] = Counter()
    out: Counter[Any] = Counter()
    for link in result["links"]:
        out[link["step"], link["from"]] += link["count"]
        into[link["step"] + 1, link["to"]] += link["count"]
    for step in result["steps"]:
        for node in step["nodes"]:
            place = (step["step"], node["node"])
            assert node["count"] == out[place] + node["ended"] + node["continued"]
            assert step["step"] == 1 or node["count"] == into[place]
    assert set(into) | set(out) <= {
        (s["step"], n["node"]) for s in result["steps"] for n in s["nodes"]
    }
    if result["steps"]:
        assert result["steps"][0]["count"] == result["paths"]
    table = PATHS.table(document, result)
    assert sum(row[3] for row in table.rows) == sum(s["count"] for s in result["steps"])


def _check_people(document, scope, result, ways, shown, longer):
    def who(**selection):
        found = PATHS.people(document, scope, selection, 100, 0)
        assert found.total == len(found.persons)
        return found.persons

    persons = [way[0]["person"] for way in ways]
    if not ways:
        return
    assert who(step=1) == sorted(set(persons))
    way = shown[0]
    mine = [p for p, w, m in zip(persons, shown, longer, strict=True) if (w, m) == (way, longer[0])]
    assert who(way=way, continued=longer[0]) == sorted(set(mine))
    first = result["steps"][0]["nodes"]
    told = {node["node"] for node in first} - {"$others"}
    for node in first[-2:]:
        here = [
            (p, w, m) for p, w, m in zip(persons, shown, longer, strict=True)
            if (w[0] == node["node"]) or (node["node"] == "$others" and w[0] not in told)
        ]  # fmt: skip
        assert who(step=1, node=node["node"]) == sorted({p for p, _w, _m in here})
        gone = {p for p, w, m in here if len(w) == 1 and not m}
        assert who(step=1, node=node["node"], to="$ended") == sorted(gone)
    for link in result["links"][:1]:
        assert who(step=link["step"], node=link["from"], to=link["to"])


def _check_matrix(document, scope, ways):
    whole = document.model_copy(update={"view": "matrix", "top": 50})
    cells = PATHS.run(whole, scope)["matrix"]["cells"]
    wanted = oracle.matrix(ways, document.backward)
    assert {(c["from"], c["to"]): (c["count"], c["median_seconds"]) for c in cells} == wanted
    for cell in cells[:1]:
        row = sum(count for (one, _), (count, _t) in wanted.items() if one == cell["from"])
        assert cell["share"] == cell["count"] / row
        persons = {
            way[0]["person"] for way in ways
            for one, other in zip(*((way[1:], way) if document.backward else (way, way[1:])), strict=False)
            if (one["key"], other["key"]) == (cell["from"], cell["to"])
        }  # fmt: skip
        found = PATHS.people(whole, scope, {"from": cell["from"], "to": cell["to"]}, 100, 0)
        assert found.persons == sorted(persons)
