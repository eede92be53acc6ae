"""The SQL page: run, parameters, names, history, files."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from userops.insights.models import SqlQuery, SqlRun
from userops.sql.checking import LONGEST


def url(name: str, shop: Any, *more: Any) -> str:
    return reverse(f"insights:{name}", args=[shop.slug, *more])


def run(client: Any, shop: Any, text: str, **values: str) -> str:
    given = {f"value.{name}": value for name, value in values.items()}
    answer = client.post(
        url("sql_run", shop), {"text": text, **given}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    said: str = answer.content.decode()
    return said


def test_the_page_teaches(as_role: Any, shop: Any) -> None:
    said = as_role("operator", shop).get(url("sql", shop)).content.decode()
    assert "uniqExact(person)" in said  # an example stands in the editor
    for shown in ("profiles", "DateTime64(3)", "?example=gaps"):
        assert shown in said


def test_every_example_is_answered(as_role: Any, shop: Any) -> None:
    from userops.insights.sql.examples import EXAMPLES

    client = as_role("operator", shop)
    for each in EXAMPLES:
        page = client.get(url("sql", shop), {"example": each.name}).content.decode()
        assert each.text.splitlines()[0][:20] in page
        said = run(client, shop, each.text, **{"event": "open", "from": "2020-01-01"})
        assert "data-table" in said or "data-error-state" not in said, (each.name, said)


def test_rows_and_persons_who_lead_to_their_page(as_role: Any, shop: Any) -> None:
    client = as_role("operator", shop)
    said = run(
        client, shop, "select person, count() as n from events group by person order by person"
    )
    assert f'href="{reverse("audience:user", args=[shop.slug, 0])}"' in said
    assert said.count("<tr>") == 11
    assert "CSV" not in said, "an operator takes no lists out"


def test_a_thousand_rows_are_shown(as_role: Any, shop: Any) -> None:
    said = run(as_role("operator", shop), shop, "select number from numbers(5000)")
    assert said.count("<tr>") == 1001
    assert "1,000" in said


def test_what_is_shown_is_escaped(as_role: Any, shop: Any) -> None:
    text = "select '<script>alert(1)</script>' as `<b>x</b>`"
    said = run(as_role("operator", shop), shop, text)
    assert "<script>" not in said and "<b>x" not in said


def test_parameters_become_inputs(as_role: Any, shop: Any) -> None:
    client = as_role("operator", shop)
    text = "select {a:String} as a, {b:Array(String)} as b, {c:Nullable(Date)} as c, {d:Date} as d"
    inputs = client.post(
        url("sql_inputs", shop), {"text": text, "value.a": "kept"}
    ).content.decode()
    assert inputs.count("<input") == 4 and 'value="kept"' in inputs and 'type="date"' in inputs
    said = run(client, shop, text, a="it's", b="x, y", d="2026-03-02")
    assert "it&#x27;s" in said and "NULL" in said and "2026-03-02" in said
    assert "sql_parameter_missing" in run(client, shop, text, a="")


def test_errors_stand_where_the_answer_would(as_role: Any, shop: Any) -> None:
    said = run(as_role("operator", shop), shop, "select * from default.events")
    assert "data-error-state" in said and "sql_not_permitted" in said


def test_without_scripts_the_whole_page_comes(as_role: Any, shop: Any) -> None:
    answer = as_role("operator", shop).post(url("sql_run", shop), {"text": "select 42 as answer"})
    said = answer.content.decode()
    assert "<html" in said and "answer</button>" in said and "select 42" in said


def test_history_is_ones_own_and_can_be_forgotten(as_role: Any, shop: Any, make_user: Any) -> None:
    client = as_role("operator", shop)
    for number in range(55):
        run(client, shop, f"select {number}")
    said = client.get(url("sql_history", shop)).content.decode()
    assert "select 54" in said and "select 4<" not in said and "?page=2" in said
    assert "select 4<" in client.get(url("sql_history", shop), {"page": "2"}).content.decode()
    one = SqlRun.objects.get(text="select 54")
    assert "select 54" in client.get(url("sql", shop), {"run": one.pk}).content.decode()
    other = as_role("operator", shop)
    assert other.get(url("sql", shop), {"run": one.pk}).status_code == 404
    other.post(url("sql_forget", shop), {"run": one.pk})
    assert SqlRun.objects.filter(pk=one.pk).exists()
    client.force_login(one.user)
    client.post(url("sql_forget", shop), {"run": one.pk})
    assert SqlRun.objects.count() == 54
    client.post(url("sql_forget", shop))
    assert not SqlRun.objects.exists()


def test_only_the_newest_runs_are_kept(as_role: Any, shop: Any, monkeypatch: Any) -> None:
    from userops.insights.sql import asking

    monkeypatch.setattr(asking, "KEPT", 3)
    client = as_role("operator", shop)
    for number in range(6):
        run(client, shop, f"select {number}")
    assert list(SqlRun.objects.values_list("text", flat=True)) == [
        "select 5",
        "select 4",
        "select 3",
    ]


def test_sql_is_kept_under_a_name(as_role: Any, shop: Any) -> None:
    client = as_role("operator", shop)
    form = {"name": "按城市", "text": "select {c:String}", "value.c": "上海", "shared": "true"}
    there = client.post(url("sql_save", shop), form)
    kept = SqlQuery.objects.get()
    assert there.url == f"{url('sql', shop)}?saved={kept.pk}"
    said = client.get(there.url).content.decode()
    assert "按城市" in said and 'value="上海"' in said
    client.post(url("sql_change", shop, kept.pk), {"text": "select 2"})
    client.post(url("sql_change", shop, kept.pk), {"name": "新名", "shared": ""})
    kept.refresh_from_db()
    assert (kept.name, kept.text, kept.shared, kept.parameters) == ("新名", "select 2", False, {})
    other = as_role("lead", shop)
    assert other.get(there.url).status_code == 404
    assert other.post(url("sql_delete", shop, kept.pk)).status_code == 404
    SqlQuery.objects.update(shared=True)
    assert other.get(there.url).status_code == 200
    assert other.post(url("sql_delete", shop, kept.pk)).status_code == 403
    client.force_login(kept.owner)
    client.post(url("sql_delete", shop, kept.pk))
    assert not SqlQuery.objects.exists()


@pytest.mark.parametrize(
    ("name", "text"), [("", "select 1"), ("x" * 201, "select 1"), ("x", " "), ("x", "x" * (LONGEST + 1)), ("x", "\0")]
)  # fmt: skip
def test_names_and_texts_have_limits(name: str, text: str, as_role: Any, shop: Any) -> None:
    answer = as_role("operator", shop).post(url("sql_save", shop), {"name": name, "text": text})
    assert answer.status_code == 400 and not SqlQuery.objects.exists()


def test_files_hold_all_rows_and_no_formulas(as_role: Any, shop: Any) -> None:
    client = as_role("analyst", shop)
    text = (
        "select distinct city, 9007199254740993 as big, map('a', 1) as m from events order by city"
    )
    csv = client.post(url("sql_file", shop, "csv"), {"text": text})
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert lines == [
        "city,big,m",
        '\'=cmd|1,9007199254740993,"{""a"":1}"',
        '上海,9007199254740993,"{""a"":1}"',
    ]
    xlsx = client.post(url("sql_file", shop, "xlsx"), {"text": text})
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.content)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["=cmd|1", "9007199254740993", '{"a":1}']
    assert sheet["A2"].data_type == "s"
    long = client.post(url("sql_file", shop, "csv"), {"text": "select number from numbers(100001)"})
    assert long.status_code == 400
    assert (
        as_role("operator", shop).post(url("sql_file", shop, "csv"), {"text": text}).status_code
        == 403
    )
