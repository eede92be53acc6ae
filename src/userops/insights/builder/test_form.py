"""Any valid document → its address → the form → what a browser submits → the same document."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from userops.analyses.answering import parse
from userops.analyses.registry import ANALYSES, BY_KIND
from userops.errors import DocumentError
from userops.insights.builder.choices import Choice, Choices
from userops.insights.builder.question import Question, query_of, read
from userops.query.filters import OPERATORS

PRODUCT: Any = SimpleNamespace(slug="p", pk=1, timezone="Asia/Shanghai")


class NoCatalogue(Choices):
    """Names without a database."""

    def __init__(self) -> None:
        super().__init__(PRODUCT, "en")
        self.__dict__["_events"] = [(Choice("pay", "支付"), False)]
        self.__dict__["_properties"] = {"event": [Choice("city", "城市")], "user": []}
        self.__dict__["_values"] = {"$rfm": [Choice("$key_value", "重要价值")]}


class Controls(HTMLParser):
    """The successful controls of a form, as a browser would submit them."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            unchecked = given.get("type") == "checkbox" and "checked" not in given
            if not unchecked:
                # a text field drops line breaks and keeps all other characters
                value = (given.get("value") or "").replace("\n", "").replace("\r", "")
                self.pairs.append((str(given["name"]), value))
        elif tag == "select":
            self._select, self._options = given.get("name"), []
        elif tag == "option" and self._select:
            self._options.append((given.get("value") or "", "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            first = [value for value, _ in self._options][:1]
            self.pairs.append((self._select, (chosen or first or [""])[-1]))
            self._select = None


def html_of(document: dict[str, Any]) -> str:
    analysis, found = parse(document)
    return form_html(read(analysis, PRODUCT, QueryDict(query_of(found))))


def form_html(question: Question) -> str:
    context = {
        "question": question,
        "form": question.form(),
        "choices": NoCatalogue(),
        "request": SimpleNamespace(path="/"),
    }
    return render_to_string("insights/builder/page.html#form", context)


def submitted(question: Question) -> str:
    reader = Controls()
    reader.feed(form_html(question))
    return urlencode(reader.pairs)


names = st.one_of(
    st.sampled_from(["pay", "city", "*", "=x", "支付 成功", 'a"b', "a.b~", " x", "event:y"]),
    st.text(min_size=1, max_size=8),
)
scalars = st.one_of(
    names, st.integers(-1000, 1000), st.booleans(), st.just(""), st.floats(-1e6, 1e6)
)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(OPERATORS))
    found: dict[str, Any] = {"property": draw(names), "op": operator.name}
    number = st.one_of(st.integers(-99, 99), st.floats(-99, 99), st.just("3.5"))
    values: Any = {
        "none": st.none(),
        "text": scalars,
        "texts": st.one_of(scalars, st.lists(scalars, min_size=1, max_size=3)),
        "number": number,
        "two_numbers": st.lists(number, min_size=2, max_size=2),
    }[operator.shape]
    if operator.name == "matches":
        values = st.just("^a.*b$")
    value = draw(values)
    if value is not None:
        found["value"] = value
    if draw(st.booleans()):
        found["of"] = "user"
    return found


filters = st.recursive(
    conditions(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: {"and": each}),
        st.lists(inner, max_size=3).map(lambda each: {"or": each}),
        inner.map(lambda each: {"not": each}),
    ),
    max_leaves=4,
)
events = st.one_of(names, st.lists(names, min_size=1, max_size=3))
ranges = st.one_of(
    st.builds(lambda n, u, c: {"last": n, "unit": u, "include_current": c},
              st.integers(1, 400), st.sampled_from(["day", "week", "month", "year"]), st.booleans()),
    st.sampled_from([{"preset": "this_month"}, {"preset": "all_time"}, {"from": "2026-01-01", "to": "2026-02-01"}]),
)  # fmt: skip
steps = st.fixed_dictionaries(
    {"event": events},
    optional={"filters": st.lists(filters, max_size=2), "name": names},
)
breakdowns = st.lists(
    st.one_of(names, st.builds(lambda p: {"property": p, "of": "user"}, names)), max_size=2
)
common: dict[str, Any] = {
    "range": ranges,
    "filters": st.lists(filters, max_size=2),
    "unit": st.sampled_from(["hour", "day", "week", "month"]),
}
series = st.one_of(
    st.builds(
        lambda s, m: {**s, "measure": m}, steps, st.sampled_from(["total", "users", "per_user"])
    ),
    st.builds(lambda s, p: {**s, "measure": "sum", "property": p}, steps, names),
)
TREND = {
    **common,
    "compare": st.sampled_from(["previous_period", "same_period_last_year"]),
    "breakdown": breakdowns,
    "limit": st.integers(1, 1000),
    "formulas": st.lists(st.fixed_dictionaries({"formula": st.just("A*100")}, optional={"name": names}), max_size=2),
}  # fmt: skip
spans: Any = st.sampled_from([{}, {"from": 1, "to": 2}])
FUNNEL = {
    **common,
    "window": st.sampled_from(["30m", "7d", "same_day"]),
    "order": st.sampled_from(["ordered", "strict", "any_order"]),
    "first_entry": st.booleans(),
    "exclusions": st.lists(st.builds(lambda s, f: {**s, **f}, steps, spans), max_size=2),
    "exclusion_mode": st.sampled_from(["drop", "stop"]),
    "hold_constant": st.one_of(names, st.lists(names, max_size=2)),
    "count": st.sampled_from(["users", "sessions"]),
    "breakdown": breakdowns,
    "breakdown_at": st.sampled_from(["first", "last", 1, 2]),
    "view": st.sampled_from(["steps", "trend", "times"]),
}  # fmt: skip
RETENTION = {
    **common,
    "return": st.one_of(names, steps),
    "periods": st.integers(1, 30),
    "entry": st.sampled_from(["first", "first_ever", "recurring"]),
    "criterion": st.sampled_from(["on", "on_or_after"]),
    "clock": st.sampled_from(["calendar", "rolling"]),
    "brackets": st.sampled_from([[], [[1, 3], [4, 7]]]),
    "min_occurrences": st.integers(1, 5),
    "breakdown": breakdowns,
    "value": st.fixed_dictionaries({"property": names}, optional={"measure": st.just("sum")}),
}
goals = st.builds(
    lambda s, more: {**s, **more},
    steps,
    st.sampled_from([{}, {"from": 3, "to": 3}, {"from": 9, "to": 30, "unit": "week", "least": 2}]),
)
CORRELATION = {
    **{key: common[key] for key in ("range", "filters")},
    "early": st.integers(1, 9),
    "early_unit": st.sampled_from(["hour", "day"]),
    "goal": goals,
    "events": st.lists(names, max_size=2),
    "active_days": st.booleans(),
    "properties": st.lists(st.fixed_dictionaries({"property": names}), max_size=2),
    "max_times": st.integers(1, 50),
    "min_support": st.integers(1, 99),
}
paid = st.builds(lambda s, p: {**s, "property": p}, steps, names)
LTV = {
    **{key: common[key] for key in ("range", "filters")},
    "unit": st.sampled_from(["day", "week", "month"]),
    "refund": paid,
    "periods": st.integers(1, 30),
    "clock": st.sampled_from(["calendar", "rolling"]),
    "show": st.sampled_from(["per_user", "payers", "total"]),
    "cost": st.sampled_from([1, 12.5]),
    "breakdown": breakdowns,
    "limit": st.integers(1, 200),
}
CHURN = {
    **common,
    "unit": st.sampled_from(["day", "week", "month", "year"]),
    "window": st.integers(1, 90),
    "threshold": st.sampled_from([0.01, 0.2]),
    "horizon": st.integers(1, 60),
    "min_support": st.integers(1, 99),
    "view": st.sampled_from(["curve", "periods"]),
    "breakdown": breakdowns,
    "limit": st.integers(1, 200),
}
VALUE = {
    **{key: common[key] for key in ("range", "filters")},
    "model": st.sampled_from(["bg_nbd", "mbg_nbd"]),
    "horizon": st.integers(1, 60),
    "discount": st.sampled_from([0, 0.25]),
    "margin": st.sampled_from([0.3, 1]),
    "holdout": st.integers(1, 60),
    "view": st.sampled_from(["forecast", "backtest", "classes"]),
}
RISK = {
    **{key: common[key] for key in ("range", "filters")},
    "window": st.integers(1, 60),
    "gap": st.integers(0, 9),
    "lookback": st.integers(7, 60),
    "step": st.integers(1, 30),
    "signals": st.lists(names, max_size=2),
    "view": st.sampled_from(["bands", "drivers", "calibration", "lift", "backtest", "models"]),
}
part = st.fixed_dictionaries({"property": names})
points = st.sampled_from([[], [1], [0.5, 3, 90]])
RFM = {
    **{key: common[key] for key in ("range", "filters")},
    "monetary": part,
    "frequency": st.sampled_from(["times", "days", "orders"]),
    "order_id": part,
    "scores": st.integers(2, 5),
    "cuts": st.fixed_dictionaries({}, optional=dict.fromkeys(("recency", "monetary"), points)),
    "high": st.sampled_from(["middle", "mean"]),
    "view": st.sampled_from(["groups", "matrix", "movement"]),
    "movement_days": st.integers(1, 90),
}
LIFECYCLE = {**common, "event": events, "new_by": st.sampled_from(["event", "any_event"])}
STICKINESS = {
    **common,
    "event": events,
    "min_times": st.integers(1, 5),
    "view": st.sampled_from(["exactly", "at_least", "ratio", "periods"]),
    "period": st.sampled_from(["week", "month", "quarter"]),
    "breakdown": breakdowns,
    "limit": st.integers(1, 200),
    "compare": st.sampled_from(["previous_period", "same_period_last_year"]),
}
SESSIONS = {
    **common,
    "event": events,
    "timeout": st.integers(1, 1440),
    "split": st.sampled_from(["id_or_gap", "gap"]),
    "bounce_events": st.integers(1, 100),
    "view": st.sampled_from(["figures", "length", "depth", "entry", "exit"]),
    "figure": st.sampled_from(["sessions", "depth", "bounce_rate"]),
    "place": st.sampled_from(["page", "event"]),
    "breakdown": breakdowns,
    "limit": st.integers(1, 200),
    "compare": st.sampled_from(["previous_period", "same_period_last_year"]),
}
DISTRIBUTION = {
    **common,
    "unit": st.sampled_from(["range", "day", "week", "month"]),
    "event": events,
    "measure": st.sampled_from(["times", "days", "hours"]),
    "cuts": st.sampled_from([[], [1], [-2.5, 3, 1e6]]),
    "quantiles": st.integers(2, 20),
    "breakdown": breakdowns,
    "limit": st.integers(1, 200),
    "compare": st.sampled_from(["previous_period", "same_period_last_year"]),
}
NODES = st.one_of(names, st.builds(lambda s, p: {**s, "property": p}, steps, names))
PATHS = {
    "range": ranges,
    "filters": st.lists(filters, max_size=2),
    "events": st.lists(NODES, min_size=1, max_size=2),
    "exclude": st.lists(steps, max_size=2),
    "start": st.one_of(names, steps),
    "end": steps,
    "within": st.sampled_from(["session", "window"]),
    "span": st.sampled_from(["30m", "7d"]),
    "max_steps": st.integers(2, 20),
    "collapse": st.sampled_from(["repeats", "loops", "none"]),
    "count": st.sampled_from(["paths", "users"]),
    "top": st.integers(1, 50),
    "min_share": st.sampled_from([0.0, 0.25, 1.0]),
    "view": st.sampled_from(["flow", "common", "matrix"]),
}  # fmt: skip
INTERVAL = {
    **common,
    "within": st.sampled_from(["30m", "7d"]),
    "hold_constant": st.one_of(names, st.lists(names, max_size=2)),
    "chained": st.booleans(),
    "view": st.sampled_from(["box", "histogram", "periods"]),
    "breakdown": breakdowns,
    "limit": st.integers(1, 200),
    "compare": st.sampled_from(["previous_period", "same_period_last_year"]),
}
MODEL = st.sampled_from(["first", "last_non_direct", "markov"])
ATTRIBUTION = {
    "range": ranges,
    "filters": st.lists(filters, max_size=2),
    "lookback": st.sampled_from(["24h", "30d"]),
    "goals": st.sampled_from(["every", "first"]),
    "direct": st.lists(names, min_size=0, max_size=3),
    "half_life": st.sampled_from(["1d", "7d"]),
    "breakdown": breakdowns.map(lambda each: each[:1]),
    "breakdown_limit": st.integers(1, 100),
    "view": st.sampled_from(["credits", "comparison", "lengths", "lags"]),
    "model": MODEL,
    "baseline": MODEL,
}
QUESTIONS = st.sampled_from(
    [
        {"kind": "trend", "unit": "week", "series": [{"event": "pay", "measure": "users"}]},
        {
            "kind": "funnel",
            "steps": ["open", {"event": "pay", "filters": [{"property": "city", "value": "上海"}]}],
        },
        {"kind": "retention", "start": "open", "periods": 3},
    ]
)
MAIN = {"trend": "A", "funnel": "step_2", "retention": "period_1"}
SELECTIONS = st.sampled_from(
    [{}, {"step": 2, "what": "dropped"}, {"series": 0, "breakdown": {"city": "上海"}}]
)
CHANGE = {
    "range": ranges,
    "filters": st.lists(filters, max_size=2),
    "compare": st.sampled_from(["previous_period", "same_period_last_year", "same_weekdays"]),
    "breakdown": breakdowns,
    "standing": st.sampled_from(["first", "last"]),
    "top": st.integers(2, 50),
    "min_size": st.integers(1, 99),
}
TRAITS = {
    "range": ranges,
    "filters": st.lists(filters, max_size=2),
    "min_support": st.integers(5, 99),
    "limit": st.integers(1, 1000),
}
PERSONAS = {
    "range": ranges,
    "filters": st.lists(filters, max_size=2),
    "features": st.lists(
        st.sampled_from(["hours", "events", "taste", "value", "activity"]), min_size=2, max_size=4, unique=True
    ),
    "taste": st.fixed_dictionaries({"property": names}),
    "price": st.fixed_dictionaries({"property": names}),
    "purchase": names,
    "min_days": st.integers(1, 60),
    "min_groups": st.integers(2, 5),
    "max_groups": st.integers(5, 12),
    "view": st.sampled_from(["groups", "features", "rhythm", "criterion"]),
}  # fmt: skip
OF_USERS = conditions().map(lambda each: {**each, "of": "user"})
NEEDS = {
    "range": ranges,
    "filters": st.lists(filters, max_size=2),
    "group": st.lists(st.one_of(OF_USERS, OF_USERS.map(lambda each: {"not": each})), max_size=2),
    "search": st.fixed_dictionaries({"event": names, "word": names, "results": names}),
    "steps": st.lists(names, min_size=2, max_size=3, unique=True),
    "window": st.sampled_from(["30m", "7d"]),
    "failures": st.lists(names, max_size=2, unique=True),
    "stayed_days": st.integers(1, 60),
    "min_support": st.integers(1, 99),
    "limit": st.integers(1, 50),
}
DOCUMENTS: dict[str, Any] = {
    "personas": st.fixed_dictionaries({}, optional=PERSONAS),
    "needs": st.fixed_dictionaries({}, optional=NEEDS),
    "trend": st.fixed_dictionaries({"series": st.lists(series, min_size=1, max_size=2)}, optional=TREND),
    "funnel": st.fixed_dictionaries({"steps": st.lists(steps, min_size=1, max_size=3)}, optional=FUNNEL),
    "retention": st.fixed_dictionaries({"start": st.one_of(names, steps)}, optional=RETENTION),
    "rfm": st.fixed_dictionaries({"event": events}, optional=RFM),
    "churn": st.fixed_dictionaries({}, optional=CHURN),
    "risk": st.fixed_dictionaries({}, optional=RISK),
    "value": st.fixed_dictionaries({"purchase": paid}, optional=VALUE),
    "ltv": st.fixed_dictionaries({"start": st.one_of(names, steps), "purchase": paid}, optional=LTV),
    "correlation": st.fixed_dictionaries({"start": st.one_of(names, steps)}, optional=CORRELATION),
    "lifecycle": st.fixed_dictionaries({}, optional=LIFECYCLE),
    "interval": st.fixed_dictionaries({"start": steps, "end": st.one_of(names, steps)}, optional=INTERVAL),
    "distribution": st.fixed_dictionaries({}, optional=DISTRIBUTION),
    "sessions": st.fixed_dictionaries({}, optional=SESSIONS),
    "attribution": st.fixed_dictionaries(
        {"touches": st.lists(NODES, min_size=1, max_size=2), "goal": NODES}, optional=ATTRIBUTION
    ),
    "paths": st.fixed_dictionaries({}, optional=PATHS),
    "stickiness": st.fixed_dictionaries({}, optional=STICKINESS),
    # the form names the main figure where none is named
    "change": st.builds(
        lambda question, rest: {"question": question, "figure": MAIN[question["kind"]], **rest},
        QUESTIONS,
        st.fixed_dictionaries({}, optional=CHANGE),
    ),
    "traits": st.fixed_dictionaries({"question": QUESTIONS, "selection": SELECTIONS}, optional=TRAITS),
}  # fmt: skip


def test_every_analysis_is_covered() -> None:
    assert set(DOCUMENTS) >= set(BY_KIND)


def as_question(kind: str, query: str) -> Question:
    return read(BY_KIND[kind], PRODUCT, QueryDict(query))


@pytest.mark.parametrize("kind", [each.kind for each in ANALYSES])
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_round_trip(kind: str, data: st.DataObject) -> None:
    given = {**data.draw(DOCUMENTS[kind]), "kind": kind, "product": "p"}
    try:
        document = parse(given)[1]
    except DocumentError:
        assume(False)
    question = as_question(kind, query_of(document))
    assert question.error is None, question.error
    assert question.document == document
    again = as_question(kind, submitted(question))
    assert again.error is None, again.error
    assert again.document == document
    assert again.query == question.query


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda each: each.kind)
def test_examples_are_read_from_json_too(analysis: Any) -> None:
    import json

    example = {**analysis.example, "product": "p"}
    document = parse(example)[1]
    given = QueryDict(mutable=True)
    given["q"] = json.dumps(example)
    assert read(analysis, PRODUCT, given).document == document


@pytest.mark.parametrize("q", ["{", "[]", "1", '{"nonsense": 1}'])
def test_wrong_json_is_said(q: str) -> None:
    given = QueryDict(mutable=True)
    given["q"] = q
    question = read(BY_KIND["trend"], PRODUCT, given)
    assert question.document is None and question.error is not None


def test_a_problem_stands_beside_its_field() -> None:
    question = as_question(
        "funnel", "steps.0.event=a&steps.1.event=b&window=soon&breakdown_limit=900"
    )
    wrong = {control.path: control.errors for control in question.form() if control.errors}
    assert "breakdown_limit" in wrong


def test_a_form_speaks_as_its_own_page_does() -> None:
    """`within` and `end` mean different things to the paths and to an interval."""
    for kind in ("interval", "paths", "rfm"):
        page = BY_KIND[kind].page
        found = {control.path: control for control in as_question(kind, "start.event=a").form()}
        for name, words in page.words.items():
            field, _, option = name.partition(".")
            if name in found:
                assert found[name].label == words.zh
            elif option and field in found and found[field].options:
                assert dict(found[field].options).get(option, words.zh) == words.zh


def test_an_empty_funnel_is_unfinished_not_wrong() -> None:
    question = as_question("funnel", "")
    assert question.document is None and question.unfinished


parts = st.sampled_from(
    ["series", "steps", "filters", "range", "event", "value", "pick", "join", "items", "when", "from",
     "to", "breakdown", "start", "return", "measure", "op", "property", "0", "1", "and", "not", "unit",
     "window", "brackets", "exclusions", "formulas", "formula", "name", "limit", ""]
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(["", "*", "custom", "last:7:day", "last:x:y:z", "preset:", "event:city", "user:",
                     "between", "or", "not", "sum", "[]", "{}", "[[1,", "null", "true", "-1", "1e999"]),
    st.text(max_size=5),
)  # fmt: skip
addresses = st.lists(
    st.tuples(st.lists(parts, min_size=1, max_size=5), st.sampled_from(["", "~"]), texts),
    max_size=8,
)
commands = st.builds(
    lambda verb, path, field: f"{verb}:{'.'.join(path)}:{field}",
    st.sampled_from(["add", "group", "begin", "remove", "up", "down", "x"]),
    st.lists(parts, max_size=4),
    st.sampled_from(["event", "pick", ""]),
)


@pytest.mark.parametrize("kind", [each.kind for each in ANALYSES])
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(pairs=addresses, command=commands)
@example(pairs=[(["filters", "0", "join", "series"], "", "")], command="x::")
def test_no_address_breaks_the_page(
    kind: str, pairs: list[tuple[list[str], str, str]], command: str
) -> None:
    query = [(".".join(path) + exact, value) for path, exact, value in pairs]
    question = as_question(kind, urlencode([*query, ("edit", command)]))
    assert question.document is not None or question.error is not None
    again = as_question(kind, submitted(question))
    assert again.document is not None or again.error is not None


def test_names_are_chosen_by_what_they_are_called():
    """No list of names is a box to type codes into."""
    asked = {"kind": "needs", "product": "p", "steps": ["pay", "view"], "failures": ["crash"]}
    form = html_of({**asked, "search": {"event": "pay", "word": "city", "results": "found"}})
    for name, shown in (("steps.0", "支付"), ("steps.1", "view"), ("search.word", "城市")):
        chosen = re.search(rf'<select[^>]* name="{name}".*?</select>', form)
        assert chosen and re.search(rf"<option [^>]*selected>{shown}</option>", chosen[0]), name
    assert 'name="steps.2"' in form and 'name="failures.1"' in form
    assert 'value="*"' not in form[form.index('name="steps.0"') : form.index('name="window"')]
    boxes = html_of({"kind": "personas", "product": "p", "features": ["taste", "hours"]})
    ticked = re.findall(r'type="checkbox" name="(features\.\d)" value="(\w+)" checked', boxes)
    assert sorted(ticked) == [("features.0", "taste"), ("features.1", "hours")]
    assert boxes.count('name="features.') == 9
