"""Answers from files: mapped, looked at, taken, refused with reasons, taken back; and what they talk about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from userops.errors import NotAllowed, Refused
from userops.experience.surveys.files.actions import begin, undo_import
from userops.experience.surveys.files.proposing import proposed
from userops.experience.surveys.files.tasks import quarantine_path, run_import
from userops.experience.surveys.forgetting import forget
from userops.experience.surveys.importing import Columns, preview
from userops.experience.surveys.models import AnswerGrowing, Response
from userops.experience.surveys.results.dataset import Wanted, read
from userops.experience.surveys.results.subjects import answer_topics
from userops.experience.surveys.results.texts import texts
from userops.experience.surveys.topics import growing
from userops.experience.surveys.topics.actions import cancel_topics, grow_topics
from userops.experience.surveys.topics.tasks import grow_answers, resume

COMPLAINTS = ("物流太慢了一周才到", "快递配送迟迟不动", "发货慢物流不更新", "配送快递晚了三天")
PRAISES = ("客服态度很好耐心", "客服回复快很专业", "人工客服解决问题", "客服主动联系我")


def file_of(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(("推荐意愿,原因,会员号,日期", *lines)), encoding="utf-8")
    return path


def test_columns_are_proposed_by_their_names(running: Any):
    survey = running()
    there = ["", "id", "nps", "satisfaction", "explication", "t"]
    assert proposed(survey.document, there, anonymous=False).answers == {
        "nps": "nps", "why": "explication"
    }  # fmt: skip
    found = proposed(survey.document, ["推荐意愿", "原因", "会员号", "日期"], anonymous=False)
    assert found == Columns({"nps": "推荐意愿", "why": "原因"}, "会员号", "日期")
    assert proposed(survey.document, ["nps", "会员号"], anonymous=True).user == ""
    aspects = proposed(running("aspects").document, ["csat", "速度", "Quality"], anonymous=False)
    assert aspects.answers == {
        "csat": "csat",
        "aspects.speed": "速度",
        "aspects.quality": "Quality",
    }


def test_a_file_is_taken_with_reasons_for_what_is_not_and_taken_back(
    running: Any, lead: Any, people: Any, tmp_path: Path
):
    people(1)
    survey = running()
    path = file_of(
        tmp_path,
        "9,很好,u0,2026-03-01",
        "11,太高,u0,2026-03-01",
        "7,,nobody,2026-03-02",
        "NA,,,",
        "8,x,,昨天",
    )
    columns = Columns({"nps": "推荐意愿", "why": "原因"}, "会员号", "日期")
    made = begin(survey, path, columns, acting_user=lead)
    with pytest.raises(Refused):
        undo_import(made, acting_user=lead)  # it goes on still
    run_import(made.pk)
    made.refresh_from_db()
    told = made.outcome
    assert (made.state, told["rows"], told["taken"], told["refused"]) == ("done", 5, 2, 2)
    assert {each["row"] for each in told["reasons"]} == {3, 6} and told["unknown_users"] == 1
    kept = quarantine_path(made).read_text("utf-8-sig")
    assert "answer_invalid" in kept and "import_day_invalid" in kept and "太高" in kept
    again = begin(survey, path, columns, acting_user=lead)
    run_import(again.pk)
    again.refresh_from_db()
    assert again.outcome["copies"] == 2 and survey.responses.count() == 2
    assert undo_import(made, acting_user=lead) == 2 and not survey.responses.exists()
    with pytest.raises(Refused):
        undo_import(made, acting_user=lead)


def test_an_import_that_breaks_off_says_so(
    running: Any, lead: Any, tmp_path: Path, monkeypatch: Any
):
    monkeypatch.setattr("userops.experience.surveys.files.tasks.import_answers", lambda: None)
    made = begin(
        running(),
        file_of(tmp_path, "9,很好,u0,2026-03-01"),
        Columns({"nps": "推荐意愿"}),
        acting_user=lead,
    )
    run_import(made.pk)
    made.refresh_from_db()
    assert made.state == "failed" and made.error_words and not made.going_on


def test_only_who_runs_surveys_takes_files(
    running: Any, lead: Any, make_user: Any, product: Any, tmp_path: Path
):
    survey, path = running(), file_of(tmp_path, "9,,,")
    stranger = make_user("partner", product)
    with pytest.raises(NotAllowed):
        begin(survey, path, Columns({"nps": "推荐意愿"}), acting_user=stranger)
    with pytest.raises(Refused):
        begin(survey, path, Columns({}), acting_user=lead)


def test_a_preview_says_of_each_row_what_becomes_of_it(running: Any):
    import pyarrow as pa

    frame = pa.table({"s": ["9", "12", "NA"], "w": ["a", "b", "NA"]})
    found = preview(running(), frame, Columns({"nps": "s", "why": "w"}))
    assert [(each.taken, each.why is None) for each in found] == [
        (True, True), (False, False), (False, True)
    ]  # fmt: skip
    with pytest.raises(Refused):
        preview(running(), frame, Columns({"nps": "score"}))


def test_open_answers_are_grouped_with_the_score_beside_them(
    running: Any, lead: Any, tmp_path: Path
):
    survey = running()
    lines = [f"2,{COMPLAINTS[at % 4]} 13812345678,,2026-03-0{at % 9 + 1}" for at in range(30)]
    lines += [f"10,{PRAISES[at % 4]},,2026-03-0{at % 9 + 1}" for at in range(30)]
    columns = Columns({"nps": "推荐意愿", "why": "原因"}, day="日期")
    few = answer_topics(read(survey), "zh-hans")
    assert few.why is not None and few.topics == ()
    run_import(begin(survey, file_of(tmp_path, *lines), columns, acting_user=lead).pk)
    data = read(survey)
    found = answer_topics(data, "zh-hans")
    assert sum(each.subject.texts for each in found.topics) + found.unclear == 60
    scores = [each.score.value or 0 for each in found.topics if each.score]
    assert min(scores) < 0 < max(scores), "each topic has the score of those who speak of it"
    assert not any("13812345678" in text for each in found.topics for text in each.subject.examples)
    first = found.topics[0]
    told = texts(data, "zh-hans", only=first.places)
    assert len(told) == first.subject.texts


@pytest.fixture
def many(running: Any, lead: Any, tmp_path: Path, monkeypatch: Any) -> Any:
    """A survey with more answers than are grown at once."""
    survey = running()
    lines = [f"2,{COMPLAINTS[at % 4]},,2026-03-0{at % 9 + 1}" for at in range(30)]
    lines += [f"10,{PRAISES[at % 4]},,2026-03-0{at % 9 + 1}" for at in range(30)]
    columns = Columns({"nps": "推荐意愿", "why": "原因"}, day="日期")
    run_import(begin(survey, file_of(tmp_path, *lines), columns, acting_user=lead).pk)
    monkeypatch.setattr(growing, "AT_ONCE", 20)
    return survey


def test_topics_of_many_answers_are_grown_in_the_background_and_kept(
    many: Any, lead: Any, client: Any
):
    client.force_login(lead)
    page = f"/p/{many.product.slug}/surveys/{many.pk}"
    assert "看看 60 条回答在谈什么" in client.get(f"{page}?tab=topics").content.decode()
    assert (
        client.post(f"{page}/topics?of=import", {"do": "grow"}).url
        == f"{page}?tab=topics&of=import"
    )
    again = client.post(f"{page}/topics?of=import", {"do": "grow"}, follow=True).content.decode()
    assert "正在发现话题" in again
    row = AnswerGrowing.objects.get()
    grow_answers.call_local(row.pk)
    row.refresh_from_db()
    assert (row.state, row.share, row.worker != "") == ("idle", 1.0, True) and row.grown
    found = growing.look(many, read(many), Wanted(way="import"), "zh-hans").topics
    assert found == answer_topics(read(many), "zh-hans")  # the same as at once
    shown = client.get(f"{page}?tab=topics&of=import").content.decode()
    assert found is not None and found.topics[0].subject.name in shown
    first = client.get(f"{page}?tab=answers&of=import&topic=0").content.decode()
    assert first.count('class="said"') == found.topics[0].subject.texts
    # answers come and go: the topics stay as they were grown, and that is said
    gone = many.responses.order_by("pk").first()
    gone.delete()
    left = growing.look(many, read(many), Wanted(way="import"), "zh-hans").topics
    assert left is not None and sum(len(each.places) for each in left.topics) + left.unclear == 59
    gone.save(force_insert=True)  # under a new key: it came since
    assert "此后新增 1 条回答" in client.get(f"{page}?tab=topics&of=import").content.decode()


def test_growing_is_cancelled_put_aside_and_begun_anew(
    many: Any, lead: Any, make_user: Any, monkeypatch: Any
):
    with pytest.raises(NotAllowed):
        grow_topics(many, Wanted(), "zh-hans", acting_user=make_user("partner", many.product))
    row = grow_topics(many, Wanted(), "zh-hans", acting_user=lead)
    with pytest.raises(Refused):
        grow_topics(many, Wanted(), "zh-hans", acting_user=lead)
    real = growing.grow

    def cancelled(*given: Any) -> Any:
        cancel_topics(many, Wanted(), "zh-hans", acting_user=lead)
        return real(*given)

    monkeypatch.setattr(growing, "grow", cancelled)
    grow_answers.call_local(row.pk)
    row.refresh_from_db()
    assert (row.state, row.found, row.problem) == ("idle", None, None)
    monkeypatch.setattr(growing, "grow", real)
    grow_topics(many, Wanted(), "zh-hans", acting_user=lead)
    AnswerGrowing.objects.update(state="running", worker="a-process-that-is-gone")
    assert AnswerGrowing.objects.get().dead
    resume()
    assert AnswerGrowing.objects.get().state == "waiting"
    grow_answers.call_local(row.pk)
    assert AnswerGrowing.objects.get().found is not None


def test_who_is_erased_leaves_no_words_among_the_examples(many: Any, lead: Any):
    row = grow_topics(many, Wanted(), "zh-hans", acting_user=lead)
    grow_answers.call_local(row.pk)
    assert AnswerGrowing.objects.get().found
    Response.objects.filter(survey=many).update(person=4_000_000)
    assert forget(many.product_id) == 1
    assert not AnswerGrowing.objects.exists()
