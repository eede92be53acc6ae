"""Tags of every kind: put on, computed, imported; who has them, what became of it, who may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from userops.analyses.answering import answer
from userops.audience import actions as audience
from userops.audience.facts.refreshing import refresh as refresh_facts
from userops.audience.segments.actions import create_segment, delete_segment
from userops.audience.tags import actions, assigning, importing
from userops.audience.tags.defining import YES, Wanted
from userops.audience.tags.describing import describe
from userops.audience.tags.models import Tag, TagChange
from userops.audience.tags.refreshing import refresh_due
from userops.audience.tags.selecting import segment_choices, segment_key, segment_rule
from userops.errors import DocumentError, NotAllowed, Refused, UserOpsError
from userops.events import facts
from userops.events.identity import person_of
from userops.events.models import Merge, QuarantinedRow
from userops.events.records import Event, Identify, ProfileChange
from userops.words import Words
from userops.workspace.models import LogEntry


def pay(user: str, amount: float, days: float = 2) -> Event:
    at = datetime.now(UTC) - timedelta(days=days)
    return Event(
        event="pay",
        distinct_id=user,
        ts=int(at.timestamp() * 1000),
        uuid=uuid4(),
        properties={"amount": amount},
    )


@pytest.fixture
def shop(store: Any, product: Any) -> Any:
    """a (also dev) spent 10, b 200, c 3,000; d has a profile and no event."""
    rows: list[Any] = [pay("a", 10), pay("b", 200), pay("c", 3000), pay("dev", 0)]
    rows += [Identify(distinct_id="a", anonymous_id="dev")]
    rows += [
        ProfileChange(distinct_id=name, operation="set", properties={"age": age})
        for name, age in [("a", 20), ("b", 30), ("d", 40)]
    ]
    store.ingest.submit(product.pk, "native", rows)
    return product


@pytest.fixture
def lead(make_user: Any, shop: Any) -> Any:
    return make_user("lead", shop)


def uid(shop: Any, name: str) -> int:
    found = person_of(shop.pk, name)
    assert found is not None
    return found


def values(store: Any, shop: Any, tag: Tag) -> dict[int, str]:
    return facts.read(store, shop, tag.fact)


def asked(store: Any, shop: Any, condition: dict[str, Any]) -> float:
    question = {
        "kind": "trend",
        "product": shop.slug,
        "range": {"last": 30, "include_current": True},
        "unit": "month",
        "series": [{"event": "pay", "measure": "users"}],
        "filters": [{"of": "user", **condition}],
    }
    points = answer(question, store).result["series"][0]["points"]
    return max(point[1] for point in points)


def test_a_tag_by_hand(store, shop, lead):
    tag = actions.create_tag(store, shop, Wanted("会员等级", values=("金", "银")), acting_user=lead)
    actions.put_on(store, tag, uid(shop, "dev"), value="金", acting_user=lead)
    actions.put_on(store, tag, uid(shop, "b"), value="银", acting_user=lead)
    assert values(store, shop, tag) == {uid(shop, "a"): "金", uid(shop, "b"): "银"}
    assert asked(store, shop, {"property": "$tag/会员等级", "value": "金"}) == 1
    tag.refresh_from_db()
    assert (tag.people, tag.everyone, tag.counts) == (2, 4, {"金": 1, "银": 1})
    actions.put_on(store, tag, uid(shop, "a"), value="银", acting_user=lead)
    actions.take_off(store, tag, uid(shop, "b"), acting_user=lead)
    assert values(store, shop, tag) == {uid(shop, "a"): "银"}
    told = [(each.action, each.value) for each in tag.changes.order_by("pk")]
    assert told == [("created", ""), ("put", "金"), ("put", "银"), ("put", "银"), ("taken", "银")]
    assert LogEntry.objects.filter(action="tag.put", target="会员等级").count() == 3
    with pytest.raises(Refused, match="no value"):
        actions.put_on(store, tag, uid(shop, "a"), value="铜", acting_user=lead)
    with pytest.raises(Refused, match="still have"):
        actions.change_tag(store, tag, Wanted(tag.name, values=("金",)), acting_user=lead)


def test_undoing_a_merge_gives_each_side_its_own_tag_back(store, shop, lead):
    tag = actions.create_tag(store, shop, Wanted("x", values=("1", "2")), acting_user=lead)
    b, c = uid(shop, "b"), uid(shop, "c")
    actions.put_on(store, tag, b, value="1", acting_user=lead)
    actions.put_on(store, tag, c, value="2", acting_user=lead)
    audience.merge_people(store, shop, b, other_id="c", acting_user=lead)
    assert values(store, shop, tag) == {b: "1"}
    merge = Merge.objects.get(product=shop, uid=c, undone=None)
    actions.put_on(store, tag, uid(shop, "a"), value="1", acting_user=lead)
    audience.undo_merge(store, shop, merge.pk, acting_user=lead)
    assert values(store, shop, tag) == {uid(shop, "a"): "1", b: "1", c: "2"}


def test_an_erased_person_has_no_tag(store, shop, lead):
    tag = actions.create_tag(store, shop, Wanted("x"), acting_user=lead)
    actions.put_on_many(store, tag, [uid(shop, "b"), uid(shop, "c")], acting_user=lead)
    assert set(values(store, shop, tag).values()) == {YES}
    audience.erase_person(store, shop, uid(shop, "b"), confirm="b", acting_user=lead)
    assert values(store, shop, tag) == {uid(shop, "c"): YES}


def test_many_at_once(store, shop, lead):
    tag = actions.create_tag(store, shop, Wanted("x"), acting_user=lead)
    everybody = [uid(shop, name) for name in ("a", "dev", "b", "c", "d")]
    assert actions.put_on_many(store, tag, everybody, source="all", acting_user=lead) == 4
    assert actions.take_off_many(store, tag, [uid(shop, "dev")], acting_user=lead) == 1
    assert len(values(store, shop, tag)) == 3
    assert asked(store, shop, {"property": "$tag/x", "op": "set"}) == 2


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ({"property": "$amount", "by": "cuts", "cuts": [200, 1000]}, {"a": "<200", "b": "200–1000", "c": "≥1000"}),
        ({"property": "$amount", "by": "quantiles", "quantiles": 3}, {"a": "1/3", "b": "2/3", "c": "3/3"}),
        ({"property": "age", "by": "cuts", "cuts": [30]}, {"a": "<30", "b": "≥30", "d": "≥30"}),
    ],
)  # fmt: skip
def test_a_tag_by_figure(store, shop, lead, definition, expected):
    refresh_facts(store, shop)
    tag = actions.create_tag(
        store, shop, Wanted("x", "computed", definition=definition), acting_user=lead
    )
    assert values(store, shop, tag) == {uid(shop, name): each for name, each in expected.items()}
    with pytest.raises(Refused, match="by hand"):
        actions.put_on(store, tag, uid(shop, "a"), value="<200", acting_user=lead)


def test_a_computed_tag_follows_the_data(store, shop, lead):
    refresh_facts(store, shop)
    cuts = {"property": "$amount", "by": "cuts", "cuts": [100]}
    wanted = Wanted("x", "computed", values=("低", "高"), definition=cuts)
    tag = actions.create_tag(store, shop, wanted, acting_user=lead)
    assert refresh_due(store) <= 1
    assert refresh_due(store) == 0
    store.ingest.submit(shop.pk, "native", [pay("a", 500)])
    refresh_facts(store, shop)
    assert refresh_due(store) == 1
    assert values(store, shop, tag)[uid(shop, "a")] == "高"
    refreshed = TagChange.objects.filter(tag=tag, action="refreshed")
    assert [each.who for each in refreshed] == ["", lead.email]


def test_a_file_keeps_its_good_rows(store, shop, lead, tmp_path):
    file = tmp_path / "tags.csv"
    file.write_text(
        "用户ID,标签\na,金\ndev,金\nb,银\nnobody,金\n,金\nb,金\nc,铂\n", encoding="utf-8-sig"
    )
    tag = actions.create_tag(
        store, shop, Wanted("等级", "imported", values=("金", "银")), acting_user=lead
    )
    outcome = importing.import_file(store, tag, file, new_values=False, acting_user=lead)
    assert outcome.as_json() == {
        "rows": 7,
        "people": 2,
        "refused": {"user_missing": 1, "tag_value_unknown": 1, "user_unknown": 1, "user_twice": 1},
    }
    assert values(store, shop, tag) == {uid(shop, "a"): "金", uid(shop, "b"): "银"}
    assert len(importing.waiting(tag)) == 4
    store.ingest.submit(shop.pk, "native", [pay("nobody", 1)])
    again = importing.retry(store, tag, acting_user=lead)
    assert again.people >= 1
    assert values(store, shop, tag)[uid(shop, "nobody")] == "金"
    assert QuarantinedRow.objects.filter(product=shop, door="tag", replayed=None).count() == 2


def test_new_values_and_replacing(store, shop, lead, tmp_path):
    tag = actions.create_tag(store, shop, Wanted("x", "imported"), acting_user=lead)
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text("id,value\na,1\nb,2\n")
    second.write_text("id,value\nc,3\n")
    importing.import_file(store, tag, first, acting_user=lead)
    assert tag.values == ["1", "2"]
    importing.import_file(store, tag, second, replace=True, acting_user=lead)
    assert tag.values == ["1", "2", "3"]
    assert values(store, shop, tag) == {uid(shop, "c"): "3"}


def test_an_excel_file(store, shop, lead, tmp_path):
    import xlsxwriter

    file = tmp_path / "tags.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([("id", "value"), ("a", "x"), ("b", "y")]):
            sheet.write_row(number, 0, row)
    tag = actions.create_tag(store, shop, Wanted("x", "imported"), acting_user=lead)
    assert importing.import_file(store, tag, file, acting_user=lead).people == 2


def test_who_has_it_page_by_page(store, shop, lead):
    tag = actions.create_tag(store, shop, Wanted("x", values=("1", "2")), acting_user=lead)
    actions.put_on_many(store, tag, [uid(shop, "a"), uid(shop, "b")], value="1", acting_user=lead)
    actions.put_on(store, tag, uid(shop, "c"), value="2", acting_user=lead)
    found, total = assigning.page_of(store, tag, value="1", limit=1, offset=1)
    assert total == 2 and len(found) == 1
    assert actions.ids_of(shop, [uid(shop, "a")]) == {uid(shop, "a"): ["a", "dev"]}


def test_deleting_forgets_all(store, shop, lead):
    tag = actions.create_tag(store, shop, Wanted("x"), acting_user=lead)
    actions.put_on(store, tag, uid(shop, "a"), acting_user=lead)
    actions.delete_tag(store, tag, acting_user=lead)
    assert "$tag/x" not in facts.versions(shop.pk)
    actions.create_tag(store, shop, Wanted("x"), acting_user=lead)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(""),
        Wanted("a/b"),
        Wanted("x" * 61),
        Wanted("x", "magic"),
        Wanted("x", values=("$yes",)),
        Wanted("x", "computed", values=("1",), definition={"property": "a", "quantiles": 3}),
        Wanted("x", "manual", definition={"a": 1}),
    ],
)
def test_what_cannot_be_a_tag(store, shop, lead, wanted):
    with pytest.raises(Refused):
        actions.create_tag(store, shop, wanted, acting_user=lead)


@pytest.mark.parametrize(
    ("kind", "definition", "place", "said"),
    [
        (
            "computed",
            {"property": "a", "by": "cuts", "cuts": [2, 1]},
            "definition",
            "cut points rise",
        ),
        ("computed", {"property": "a", "by": "cuts"}, "definition", "one cut point at least"),
        (
            "computed",
            {"property": "a", "by": "cuts", "cuts": ["x"]},
            "cuts.0",
            "expected a number; got 'x'",
        ),
        ("rule", {"rules": []}, "rules", "at least 1 items"),
        (
            "rule",
            {"rules": [{"value": "a", "segment": 99}]},
            "rules.0.segment",
            "an object; got 99",
        ),
        ("rule", {"rules": [{"segment": {"where": {"who": "x"}}}]}, "where", "who must be one of"),
    ],
)
def test_a_wrong_definition_says_where_and_why(store, shop, lead, kind, definition, place, said):
    with pytest.raises(DocumentError) as wrong:
        actions.create_tag(store, shop, Wanted("x", kind, definition=definition), acting_user=lead)
    assert f"wrong at {place.replace('definition', 'document')}: " in wrong.value.words.en
    assert said in wrong.value.words.en


def test_who_may(store, shop, lead, make_user, tmp_path: Path):
    tag = actions.create_tag(store, shop, Wanted("x"), acting_user=lead)
    with pytest.raises(Refused, match="already"):
        actions.create_tag(store, shop, Wanted(" x "), acting_user=lead)
    partner, leadership = make_user("partner", shop), make_user("leadership", shop)
    with pytest.raises(NotAllowed):
        actions.create_tag(store, shop, Wanted("y"), acting_user=leadership)
    with pytest.raises(NotAllowed):
        actions.put_on(store, tag, uid(shop, "a"), acting_user=partner)
    with pytest.raises(NotAllowed):
        importing.import_file(store, tag, tmp_path / "no.csv", acting_user=partner)
    with pytest.raises(NotAllowed):
        actions.delete_tag(store, tag, acting_user=leadership)


def test_a_tag_by_rules(store, shop, lead):
    refresh_facts(store, shop)
    amount = {"who": "user", "property": "$amount"}
    rules = [
        {"value": "金", "segment": {"where": {**amount, "op": "gte", "value": 1000}}},
        {"value": "银", "segment": {"where": {**amount, "op": "gte", "value": 100}}},
        {"value": "铜", "segment": {"where": {"who": "did", "event": "pay"}}},
    ]
    tag = actions.create_tag(
        store, shop, Wanted("等级", "rule", definition={"rules": rules}), acting_user=lead
    )
    assert tag.values == ["金", "银", "铜"]
    assert values(store, shop, tag) == {
        uid(shop, "a"): "铜",
        uid(shop, "b"): "银",
        uid(shop, "c"): "金",
    }
    words = describe(store, tag)
    assert "金 ← 满足条件的用户：" in words.zh and "累计金额" in words.zh
    everybody = {"rules": [{"segment": {}}]}
    actions.change_tag(store, tag, Wanted(tag.name, definition=everybody), acting_user=lead)
    assert set(values(store, shop, tag).values()) == {YES} and len(values(store, shop, tag)) == 4
    with pytest.raises(UserOpsError):
        wrong = {"rules": [{"segment": {"where": {"who": "nonsense"}, "x": 1}}]}
        actions.change_tag(store, tag, Wanted(tag.name, definition=wrong), acting_user=lead)


def test_a_saved_segment_is_a_rule(store, shop, lead):
    about = facts.About("$segment/7", "segment", Words("高价值", "Valuable"))
    facts.write(store, shop, about, [uid(shop, "b"), uid(shop, "c")])
    assert segment_choices(shop) == [("$segment/7", Words("高价值", "Valuable"))]
    rule = segment_rule("$segment/7")
    assert segment_key(rule) == "$segment/7" and segment_key({"where": {"and": []}}) == ""
    tag = actions.create_tag(
        store,
        shop,
        Wanted("x", "rule", definition={"rules": [{"segment": rule}]}),
        acting_user=lead,
    )
    assert set(values(store, shop, tag)) == {uid(shop, "b"), uid(shop, "c")}
    assert "高价值" in describe(store, tag).zh


def test_a_segment_that_a_tag_asks_for_stays(store, shop, lead):
    made = create_segment(store, shop, {"where": {"who": "did"}}, name="x", acting_user=lead)
    rules = {"rules": [{"segment": {"where": {"who": "segment", "segment": made.pk}}}]}
    tag = actions.create_tag(store, shop, Wanted("x", "rule", definition=rules), acting_user=lead)
    assert len(values(store, shop, tag)) == 3
    with pytest.raises(Refused):
        delete_segment(store, made, acting_user=lead)
    actions.delete_tag(store, tag, acting_user=lead)
    delete_segment(store, made, acting_user=lead)
