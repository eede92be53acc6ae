"""What is frozen stays: figures at once, the whole when it is issued; versions and corrections."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection

from userops.errors import NotAllowed, Refused
from userops.reports import actions
from userops.reports.book import Frozen
from userops.reports.building import build
from userops.reports.comparing import against_now, between_issues, cells_between
from userops.reports.hands import ROLES, note_on
from userops.reports.kinds.user_analysis.tabulating import by_users
from userops.reports.linting import lint_issue
from userops.reports.models import FigureSnapshot, Issue, Sentence
from userops.reports.publication import publication_of


def code_of(wrong):
    return wrong.value.code


def test_every_quoted_value_is_a_cell_of_its_frozen_answer(built):
    figures = {row.key: row for row in built.figures.all()}
    pointed = 0
    for row in figures.values():
        frozen = Frozen(row.key, row.result)
        for name, value in row.values.items():
            if "pointer" in value:
                assert frozen.at(value["pointer"]) == value["value"], (row.key, name)
                for part in ("k", "n"):
                    if f"{part}_pointer" in value:
                        assert frozen.at(value[f"{part}_pointer"]) == value[part]
                pointed += 1
            for each in value.get("of", []):
                figure, _, other = each.partition(".")
                assert other in figures[figure].values
    assert pointed > 30


def test_where_the_data_ended_nobody_is_said_to_have_stayed_away(built):
    """They end with September: who came last has had no day to come back."""
    assert built.subject["until"].startswith("2026-10-01T00:00")
    daily = built.figures.get(key="retention").result
    assert daily["average_kn"][30][1] < daily["average_kn"][1][1] < daily["average_kn"][0][1]
    cohorts = built.figures.get(key="retention_cohorts").views["zh"]["rows"]
    assert cohorts[-2][-1] is None and cohorts[0][3] == 1
    told = built.figures.get(key="retention_cohorts")
    assert "按数据截至 2026-10-01 00:00" in told.view("zh")["definition"]
    assert "asked as of 2026-10-01 00:00" in told.view("en")["definition"]


def test_the_best_comes_first_and_what_has_no_name_last():
    lines = [("$others", 90), ("", 50), ("a", 3), ("b", 7)]
    series = [{"index": 0, "breakdown": {"c": v}, "total": n} for v, n in lines]
    table = by_users(Frozen("f", {"series": series}), SimpleNamespace(named_properties={}))
    assert [row[1] for row in table.rows] == [7, 3, 90, 50]


def test_the_last_digit_of_a_sum_is_no_change():
    columns = [{"name": n, "title": n, "type": t} for n, t in (("day", "date"), ("sum", "number"))]
    of = lambda *sums: {"columns": columns, "rows": [["09-01", s] for s in sums]}  # noqa: E731
    assert cells_between(of(4.8325, None), of(4.832499999999999, None)) == []
    (changed,) = cells_between(of(4.8325), of(4.8326))
    assert (changed.before, changed.after) == (4.8325, 4.8326)


def test_a_text_among_numbers_is_a_value_that_changes_and_names_no_row():
    kinds = {"habit": "text", "n": "whole", "q": "text"}
    columns = [{"name": n, "title": n, "type": t} for n, t in kinds.items()]
    of = lambda *cells: {"columns": columns, "rows": [["search", *cells]]}  # noqa: E731
    changed = cells_between(of(3, "0.04"), of(3, "0.06"))
    assert [(c.row, c.column, c.before, c.after) for c in changed] == [
        ("search", "q", "0.04", "0.06")
    ]


def test_a_row_with_a_number_is_told_by_it_and_what_changed_of_it_is_one_cell():
    kinds = {"number": "whole", "text": "sentence", "severity": "text", "score": "whole"}
    columns = [{"name": n, "title": n.title(), "type": t} for n, t in kinds.items()]
    of = lambda raw, read: {  # noqa: E731
        "columns": columns,
        "rows": [[21, "A coupon ran out", raw, 4]],
        "readable": [[21, "A coupon ran out", read, 4]],
    }
    (changed,) = cells_between(of("normal", "Normal"), of("urgent", "Urgent"))
    assert (changed.row, changed.row_title) == ("21", "21 · A coupon ran out")
    assert (changed.column_title, changed.before, changed.after) == ("Severity", "Normal", "Urgent")


def test_a_figure_cannot_be_changed_even_in_a_draft(built):
    row = built.figures.get(key="funnel")
    row.result = {}
    with pytest.raises(Refused) as wrong:
        row.save()
    assert code_of(wrong) == "figure_frozen"
    with pytest.raises(Refused):
        FigureSnapshot.objects.filter(pk=row.pk).update(result={})


def test_a_figure_changed_behind_our_back_is_noticed(built):
    with connection.cursor() as cursor:
        cursor.execute(
            "update reports_figuresnapshot set result = %s where issue_id = %s and key = 'funnel'",
            ['{"steps": []}', built.pk],
        )
    assert "figure_changed" in {each.code for each in lint_issue(built)}


def test_what_is_issued_is_read_only(issued, writer, lead):
    sentence = issued.sentences.first()
    attempts = [
        lambda: actions.edit_sentence(sentence, zh="改", en="x", acting_user=writer),
        lambda: actions.remove_sentence(sentence, acting_user=writer),
        lambda: actions.rebuild(issued, acting_user=lead),
        lambda: actions.delete_report(issued.report, acting_user=lead),
        lambda: sentence.save(),
        lambda: sentence.delete(),
        lambda: Sentence.objects.filter(issue=issued).update(zh="改"),
        lambda: Sentence.objects.filter(issue=issued).delete(),
        lambda: Sentence.objects.bulk_create([Sentence(issue=issued, key="x", zh="x", en="x")]),
        lambda: issued.figures.all().delete(),
        lambda: Issue.objects.filter(pk=issued.pk).update(reason="x"),
        lambda: Issue.objects.filter(pk=issued.pk).delete(),
        lambda: issued.delete(),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as wrong:
            attempt()
        assert code_of(wrong) == "report_sealed"
    issued.reason = "x"
    with pytest.raises(Refused):
        issued.save()
    again = Issue.objects.get(pk=issued.pk)
    assert again.seal == again.content_digest() == issued.seal
    assert again.signatures == {
        "written": str(writer),
        "reviewed": str(lead),
        "approved": str(lead),
    }


def test_a_document_that_its_author_alone_looked_at_says_so(complete, lead):
    actions.submit(complete, acting_user=lead)
    assert all(name != "双人复核" for name, _ in publication_of(complete, "zh").facts)
    alone = actions.issue_report(complete, acting_user=lead)
    told = dict(publication_of(alone, "zh").facts), dict(publication_of(alone, "en").facts)
    assert told[0]["双人复核"] == "无：撰写、审核与批准为同一人"
    assert told[1]["Second person"].startswith("none: ")


@pytest.mark.parametrize(
    ("signed", "told"),
    [
        ("abb", None),
        ("abc", None),
        ("aab", "reviewed by the author; approved by somebody else"),
        ("aba", "approved by the author; reviewed by somebody else"),
        ("aaa", "none: written, reviewed and approved by one person"),
        (("a", "a", ""), None),
    ],
)
def test_whose_hands_it_went_through(signed, told):
    note = note_on(dict(zip(ROLES, signed, strict=True)))
    assert (note and note.en) == told


def test_only_a_lead_issues(complete, writer, make_user, product):
    actions.submit(complete, acting_user=writer)
    for user in (writer, make_user("analyst", product), make_user("leadership", product)):
        with pytest.raises(NotAllowed):
            actions.issue_report(complete, acting_user=user)
    with pytest.raises(NotAllowed):
        actions.create_report(
            product, "user-analysis", "2026-09", acting_user=make_user("partner", product)
        )


def test_an_action_without_owner_and_date_keeps_it_from_being_issued(built, writer, lead):
    actions.submit(built, acting_user=writer)
    with pytest.raises(Refused) as wrong:
        actions.issue_report(built, acting_user=lead)
    assert code_of(wrong) == "report_lint"
    told = wrong.value.words
    assert told.zh.count("负责人") == told.en.count("owner") == 1 and "。；" not in told.zh
    problems = wrong.value.data["problems"]
    assert {each["code"] for each in problems} == {"unassigned"}, [
        e for e in problems if e["code"] != "unassigned"
    ]


def test_a_correction_is_a_new_version_that_says_what_changed(issued, store, shop, writer, lead):
    from userops.events.records import Event

    late = [
        Event(
            event="app_open", distinct_id=f"late{number}", uuid=uuid4(),
            ts=int(datetime(2026, 9, 9, 4, tzinfo=UTC).timestamp() * 1000),
            properties={"channel": "微信"},
        )
        for number in range(7)
    ]  # fmt: skip
    assert against_now(issued, store).nothing
    store.ingest.submit(shop.pk, "test", late)
    drift = {each.key: each for each in against_now(issued, store).figures}
    assert "active" in drift, drift
    cells = {(each.row, each.column): (each.before, each.after) for each in drift["active"].cells}
    assert any(after == before + 7 for before, after in cells.values())
    # programs read the same names whatever the language; readers read theirs
    (read,) = (e for e in against_now(issued, store, "en").figures if e.key == "active")
    for zh, en in zip(drift["active"].cells, read.cells, strict=True):
        assert (zh.row, zh.column) == (en.row, en.column)
    assert (drift["active"].cells[0].column_title, read.cells[0].column_title) == (
        "任意事件 · 用户数",
        "Any event · Users",
    )
    assert publication_of(issued, "zh").snapshot == issued.snapshot  # it stands as it stood

    with pytest.raises(Refused):
        actions.correct(issued, " ", acting_user=writer)
    second = build(actions.correct(issued, "补录微信渠道", acting_user=writer), store)
    assert second.number == 2
    found = between_issues(issued, second, "zh")
    assert "active" in {each.key for each in found.figures}
    assert any(each.what == "changed" for each in found.sentences)
    # who does what by when is taken over
    assert set(second.sentences.filter(style="action").values_list("assignee", flat=True)) == {
        "王芳"
    }
    actions.submit(second, acting_user=writer)
    actions.issue_report(second, acting_user=lead)
    issued.refresh_from_db()
    assert (issued.status, second.status) == ("superseded", "issued")
    line = publication_of(second, "zh").correction
    assert line.startswith("更正：本版取代第 1 版；原因：补录微信渠道。")
    assert publication_of(second, "en").correction.startswith(
        "Correction: this version replaces version 1"
    )


def test_edited_words_stay_and_their_figures_follow(built, store, writer):
    row = built.sentences.get(key="scope:1")
    actions.edit_sentence(
        row, zh="共 {{volume.users}} 人。", en="{{volume.users}} people.", acting_user=writer
    )
    actions.rebuild(built, acting_user=writer)
    build(built, store)
    again = built.sentences.get(key="scope:1")
    assert (again.zh, again.edited_by) == ("共 {{volume.users}} 人。", writer)
    users = built.figures.get(key="volume").values["users"]["value"]
    section = next(each for each in publication_of(built, "zh").sections if each.key == "data")
    assert f"共 {users} 人。" in [getattr(each, "text", "") for each in section.blocks]


def test_one_figure_that_fails_leaves_the_others_standing(store, shop, writer, monkeypatch):
    from userops.errors import StoreFailed
    from userops.reports import asking
    from userops.words import Words

    asked = asking.answer

    def failing(document, *args, **fields):
        if document["kind"] == "sessions":
            raise StoreFailed(Words("引擎没有回答。", "The engine did not answer."))
        return asked(document, *args, **fields)

    monkeypatch.setattr(asking, "answer", failing)
    issue = actions.create_report(shop, "user-analysis", "2026-09", acting_user=writer)
    build(issue, store)
    assert issue.status == "draft"
    row = issue.figures.get(key="sessions")
    assert row.problem == {"zh": "引擎没有回答。", "en": "The engine did not answer."}
    assert issue.figures.get(key="active").problem is None
    texts = [
        getattr(block, "text", "")
        for section in publication_of(issue, "zh").sections
        for block in section.blocks
    ]
    assert "会话数：引擎没有回答。" in texts


def test_comments_also_on_what_is_issued(issued, lead, make_user, product):
    reader = make_user("leadership", product)
    made = actions.comment(issued, "哪个渠道？", on="active", acting_user=reader)
    actions.resolve(made, acting_user=lead)
    assert issued.comments.get().resolved is not None
    assert issued.seal == issued.content_digest()


def test_people_are_called_active_users_not_any_event(built):
    views = built.figures.get(key="active").views
    for language, name in (("zh", "活跃用户"), ("en", "Active users")):
        chart = views[language]["chart"]["series"]
        titles = [column["title"] for column in views[language]["columns"]]
        assert chart[0]["name"] == titles[1] == name
        assert all(each["name"].startswith(name) for each in chart)


def test_sums_of_money_are_told_in_the_currency_of_the_product(built):
    money = {
        (row.key, column["name"])
        for row in built.figures.filter(key__in=["rfm", "value_over_time", "predicted_value"])
        for column in row.views["en"]["columns"]
        if column["type"] == "money:GBP"
    }
    of_cohorts = {("value_over_time", f"value_{week}") for week in range(9)}
    single = {("rfm", "value"), ("rfm", "monetary"), ("predicted_value", "value")}
    assert money == single | of_cohorts
