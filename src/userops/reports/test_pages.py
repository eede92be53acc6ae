"""The pages of reports and their API: read, written, moved on, compared, exported, by whom."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import unquote, urlencode

import pytest
from django.urls import reverse
from django.utils.translation import override

from userops.insights.models import SavedAnalysis
from userops.reports.building import build
from userops.reports.linting import lint_issue
from userops.reports.models import Issue, Report, Sentence
from userops.reports.pages.editing import _chips


@pytest.fixture
def log_in(client):
    def become(user):
        client.force_login(user)
        return client

    return become


def test_an_empty_list_teaches_and_a_report_is_begun(log_in, shop, writer, monkeypatch):
    from userops.reports import tasks

    begun = []
    monkeypatch.setattr(tasks, "build_issue", begun.append)
    client = log_in(writer)
    page = client.get(f"/p/{shop.slug}/reports").content.decode()
    assert "No report yet" in page or "还没有报告" in page
    made = client.post(
        f"/p/{shop.slug}/reports/new", {"kind": "user-analysis", "period": "2026-09"}
    )
    report = Report.objects.get(product=shop)
    assert made.url == f"/p/{shop.slug}/reports/{report.pk}"
    assert begun == [report.newest.pk]
    waiting = client.get(made.url).content.decode()
    assert "hx-get" in waiting and "cancel" in waiting
    wrong = client.post(f"/p/{shop.slug}/reports/new", {"kind": "user-analysis", "period": "soon"})
    assert (
        wrong.url == f"/p/{shop.slug}/reports" and Report.objects.filter(product=shop).count() == 1
    )


def test_a_build_that_is_cancelled_stops_and_says_so(store, shop, writer):
    from userops.reports import actions, tasks

    issue = actions.create_report(shop, "user-analysis", "2026-09", acting_user=writer)
    actions.cancel(issue, acting_user=writer)
    tasks.build_issue.call_local(issue.pk)
    issue.refresh_from_db()
    assert issue.status == "stopped" and issue.progress["problem"]["en"] == "Stopped."
    assert not issue.figures.exists()


def test_what_may_be_inserted_reads_as_sentences_do():
    group = {"value": "key_value", "type": "text", "zh": "重要价值", "en": "Key · core"}
    share = {"value": 0.113, "type": "share", "k": 11, "n": 97}
    row = Sentence(zh="", en="", evidence=["rfm"])
    with override("zh-hans"):
        chips = _chips(row, {"rfm": {"best": group, "share": share}})
    assert chips == [("{{rfm.best}}", "重要价值"), ("{{rfm.share|kn}}", "11.3%（11/97）")]


def test_a_report_is_read_edited_signed_and_exported(log_in, complete, store, writer, lead):
    slug, pk = complete.report.product.slug, complete.report_id
    base = f"/p/{slug}/reports/{pk}"
    client = log_in(writer)
    waiting = client.get(base, HTTP_HX_REQUEST="true")
    assert waiting["HX-Refresh"] == "true" and not waiting.content, "no page within a page"
    page = client.get(base).content.decode()
    for key in ("active", "funnel", "retention"):
        assert f'id="figure-{key}"' in page
    assert "/funnel?" in page, "figures drill to their question"
    row = complete.sentences.get(key="scope:1")
    client.post(
        f"{base}/sentences/{row.pk}",
        {"do": "save", "zh": "本期 300 人，较上期 {{volume.users}}", "en": row.en},
    )
    desk = client.get(f"{base}/edit").content.decode()
    assert "手写的数字 300" in desk or "The typed number 300" in desk
    client.post(f"{base}/change", {"do": "submit"})
    client.post(f"{base}/change", {"do": "issue"})  # an operator does not sign
    assert Issue.objects.get(pk=complete.pk).status == "review"
    log_in(lead).post(f"{base}/change", {"do": "issue"})
    assert Issue.objects.get(pk=complete.pk).status == "review", "the typed number keeps it back"
    text = {"do": "save", "zh": "共 {{volume.users}} 人", "en": "{{volume.users}} users"}
    client.post(f"{base}/sentences/{row.pk}", text)
    assert [each for each in lint_issue(complete) if each.level == "block"] == []
    client.post(f"{base}/change", {"do": "issue"})
    assert Issue.objects.get(pk=complete.pk).status == "issued"
    assert client.get(f"{base}/edit").status_code == 302
    for language, title in (("zh", "用户分析报告"), ("en", "User analysis report")):
        sent = client.get(f"{base}/export?format=html&language={language}")
        assert title in sent.content.decode()
        assert sent["Content-Disposition"].endswith(f'_v1_{language}.html"')
    client.post(f"{base}/comment", {"text": "好", "on": "funnel"})
    assert "好" in client.get(base).content.decode()
    client.post(f"{base}/change", {"do": "correct", "reason": "补数据"})
    second = Issue.objects.get(report=pk, number=2)
    build(second, store)
    found = client.get(f"{base}/compare?with=1").content.decode()
    assert 'class="diff"' not in found, "nothing but its number differs"
    assert client.get(f"{base}?version=1").status_code == 200


def test_the_question_of_a_figure_is_asked_as_of_the_end_of_its_data(log_in, complete, writer):
    """The shop's data end with September: today all who came late would be lost."""
    client, report = log_in(writer), complete.report
    text = client.get(f"/p/{report.product.slug}/reports/{report.pk}").content.decode()
    (address,) = set(
        re.findall(r'href="([^"]*/retention\?[^"]*)"', text[text.index('id="figure-retention"') :])[
            :1
        ]
    )
    address = html.unescape(address)
    assert "until=2026-10-01T00" in address
    frozen = complete.figures.get(key="retention").result["average_kn"]
    asked = client.get(f"{address}&full=1").content.decode()
    assert f"{frozen[30][1]:,}" in asked and "2026-10-01 00:00" in asked
    # what is taken away from the page is the same question: the snippet, what is saved, and whom it becomes
    assert '"until": "2026-10-01T00:00' in html.unescape(asked)
    path, _, query = address.partition("?")
    client.post(
        reverse("insights:save", args=[report.product.slug]),
        {"kind": "retention", "question": query, "name": "Kept"},
    )
    kept = SavedAnalysis.objects.get(name="Kept")
    assert kept.document["until"].startswith("2026-10-01T00:00")
    who = json.dumps({"cohort": "2026-09-01"})
    people = client.get(f"{path}/people?{query}&{urlencode({'who': who})}").content.decode()
    assert "until" in unquote(re.findall(r'href="([^"]*/segments/new[^"]*)"', people)[0])
    today = client.get(re.sub("&until=[^&]*", "", address) + "&full=1").content.decode()
    assert "2026-10-01 00:00" not in today


def test_who_may_what_on_pages(log_in, complete, make_user, product):
    base = f"/p/{product.slug}/reports/{complete.report_id}"
    for role, may_write in (("leadership", False), ("partner", False), ("analyst", True)):
        client = log_in(make_user(role, product))
        assert client.get(base).status_code == 200
        assert client.get(f"{base}/edit").status_code == (200 if may_write else 403)
    assert log_in(make_user()).get(base).status_code == 404


def test_the_api_reads_edits_and_exports(log_in, complete, writer):
    slug, pk = complete.report.product.slug, complete.report_id
    base = f"/api/products/{slug}/reports"
    client = log_in(writer)
    (listed,) = client.get(base).json()["items"]
    assert (listed["id"], listed["status"], listed["from"]) == (pk, "draft", "2026-09-01")
    whole = client.get(f"{base}/{pk}").json()
    figures = {each["key"]: each for each in whole["figures"]}
    assert figures["funnel"]["intact"] and figures["funnel"]["rows"]
    scope = next(each for each in whole["sentences"] if each["key"] == "scope:1")
    assert "{{volume.users}}" in scope["template"]["zh"] and "{{" not in scope["zh"]
    sent = client.patch(
        f"{base}/{pk}/sentences/scope:1", json.dumps({"zh": "共 {{volume.users}} 人。"}),
        content_type="application/json",
    )  # fmt: skip
    assert sent.status_code == 204
    moved = client.post(
        f"{base}/{pk}/status", json.dumps({"do": "submit"}), content_type="application/json"
    )
    assert moved.json()["status"] == "review"
    refused = client.post(
        f"{base}/{pk}/status", json.dumps({"do": "issue"}), content_type="application/json"
    )
    assert refused.status_code == 403
    assert client.get(f"{base}/{pk}/drift").json() == []
    assert b"<html" in client.get(f"{base}/{pk}/file?format=html&language=en").content[:400]
    assert client.get(f"{base}/{pk}/file?format=odt").status_code == 404
