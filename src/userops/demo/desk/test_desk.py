"""The desk's figures against its stories, counted in plain Python; and what the two reports say of what was planted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from statistics import fmean, median
from typing import Any
from zoneinfo import ZoneInfo

import docx
import numpy as np
import pytest

from userops.demo.desk.promising import promise
from userops.demo.desk.stories import LATE_TEAM, Said, Story, stories
from userops.demo.desk.words import BURST_TOPIC, TEAMS, TOPICS
from userops.demo.desk.writing import write_desk
from userops.feedback.clocks.ontime import on_time
from userops.feedback.figures import FIGURES
from userops.publishing.test_readers import html_of
from userops.records.answering import answer
from userops.records.figure import NoRecords
from userops.reports.actions import create_report
from userops.reports.building import build
from userops.reports.exporting import export
from userops.reports.linting import lint_issue
from userops.reports.pages.reading import MOST_ROWS, chapters
from userops.reports.publication import publication_of

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 31, 16, tzinfo=UTC)
FIRST, AFTER = (datetime(2026, 10, day, tzinfo=ZONE) for day in (1, 31))
BURST = datetime(2026, 10, 20, 1, tzinfo=UTC)
KINDS = {each.kind: each for each in FIGURES}


def said(seed: int, count: int = 160, burst: int = 40) -> list[Said]:
    """Feedback of three months by a few users, and a burst in the last one."""
    rng = np.random.default_rng(seed)
    topics = [*TOPICS, "闪退", "闪退"]
    found = []
    for _ in range(count):
        topic = topics[int(rng.integers(len(topics)))]
        at = NOW - timedelta(minutes=int(rng.integers(1, 90 * 24 * 60)))
        found.append(
            Said(
                int(rng.integers(1, 60)),
                at,
                "打不开，13800138000 回电",
                topic,
                int(rng.integers(1, 6)),
                "Android",
                "3.2.0",
            )
        )
    found += [
        Said(
            1000 + n,
            BURST + timedelta(minutes=7 * n),
            "新人券用不了",
            "优惠券",
            1,
            "iOS",
            "3.1.0",
            burst=True,
        )
        for n in range(burst)
    ]
    return found


@pytest.fixture
def make_desk(make_product, make_user):
    def make(seed: int, **sizes: int) -> tuple[Any, list[Story]]:
        product = make_product()
        told = stories(said(seed, **sizes), seed, ZONE, NOW)
        owner = make_user("lead", product)
        write_desk(product, told, {}, {team: [owner] for team in TEAMS}, "zh")
        promise(product, owner, "zh")
        return product, told

    return make


def ask(product, kind: str, first="2026-10-01", last="2026-10-30", **filters) -> dict[str, Any]:
    document = {
        "kind": kind,
        "product": product.slug,
        "range": {"from": first, "to": last},
        **filters,
    }
    return answer(KINDS[kind], document, product=product.pk, zone=ZONE, now=NOW).result


def within(at: datetime) -> bool:
    return FIRST <= at < AFTER


def moves(story: Story) -> list[tuple[datetime, str]]:
    """When work on it ended, and when it began anew: a user's word opens what is solved or closed."""
    found, working = [], True
    for step in story.steps:
        if step.what in ("solve", "close") and working:
            found.append((step.at, "ended"))
            working = False
        elif step.what in ("again", "write") and not working:
            found.append((step.at, "resumed"))
            working = True
    return found


@pytest.mark.parametrize("seed", range(4))
def test_figures_agree_with_the_stories(make_desk, seed):
    product, told = make_desk(seed)
    came = [each for each in told if within(each.said.at)]
    changes = [(at, what) for each in told for at, what in moves(each) if within(at)]

    flow = ask(product, "tickets.flow")
    assert flow["received"] == len(came)
    assert flow["ended"] == sum(what == "ended" for _, what in changes)
    assert flow["reopened"] == sum(what == "resumed" for _, what in changes)
    for point in flow["points"]:
        after = datetime.fromisoformat(point["day"]).replace(tzinfo=ZONE) + timedelta(days=1)
        left = sum(_open_at(each, after) for each in told)
        assert point["open"] == left, point
    assert flow["open_before"] == sum(_open_at(each, FIRST) for each in told)

    lines = {each["category"]: each for each in ask(product, "tickets.categories")["categories"]}
    counted = Counter(each.said.about.category.zh for each in came)
    assert {path: each["tickets"] for path, each in lines.items()} == counted
    earlier = FIRST - timedelta(days=30)
    for path, line in lines.items():
        mine = [each for each in came if each.said.about.category.zh == path]
        assert line["speakers"] == len({each.said.uid for each in mine})
        assert line["complaints"] == sum(each.complaint for each in mine)
        before = [
            each
            for each in told
            if earlier <= each.said.at < FIRST and each.said.about.category.zh == path
        ]
        assert line["before"] == len(before)

    solved = [each for each in told if each.solves and within(each.solves[-1].at)]
    closing = ask(product, "tickets.closing")
    took = [(each.solves[-1].at - each.said.at).total_seconds() for each in solved]
    assert closing["n"] == len(solved) and closing["median"] == pytest.approx(median(took))

    loop = {each["step"]: each for each in ask(product, "tickets.closed_loop")["steps"]}
    assert loop["written"]["k"] == loop["told"]["n"] == len(solved)


@pytest.mark.parametrize("seed", range(4, 7))
def test_reopened_rated_and_registered_agree_with_the_stories(make_desk, seed):
    product, told = make_desk(seed)
    ends = [
        (at, next((later for later, what in moves(each)[place + 1 :] if what == "resumed"), None))
        for each in told
        for place, (at, kind) in enumerate(moves(each))
        if kind == "ended"
    ]
    over = [(at, again) for at, again in ends if within(at) and at + timedelta(days=7) <= NOW]
    reopening = ask(product, "tickets.reopening")
    assert reopening["n"] == len(over)
    assert reopening["k"] == sum(
        bool(again and again <= at + timedelta(days=7)) for at, again in over
    )

    scores = [each.score for each in told if each.score and _rated_end(each)]
    rated = ask(product, "tickets.satisfaction")
    assert rated["n"] == len(scores) and rated["mean"] == pytest.approx(fmean(scores))
    assert rated["asked"] == sum(within(at) for at, _ in ends)
    assert rated["score"] == pytest.approx((fmean(scores) - 1) / 4 * 100, abs=0.06)

    team = TEAMS[LATE_TEAM].zh
    mine = [each for each in told if within(each.said.at) and each.said.about.team == LATE_TEAM]
    register = ask(product, "tickets.register", team=team)
    assert register["tickets"] == len(mine) and {each["team"] for each in register["rows"]} == {
        team
    }
    opened = [each["opened"] for each in register["rows"]]
    assert opened == sorted(f"{each.said.at.astimezone(ZONE):%Y-%m-%d %H:%M}" for each in mine)
    assert all("13800138000" not in each["text"] for each in register["rows"]), (
        "personal data are masked"
    )


def test_in_time_is_what_the_clocks_say_and_the_late_team_is_behind(make_desk):
    product, told = make_desk(8, count=300)
    result = ask(product, "tickets.on_time")
    line = next(each for each in result["promises"] if each["promise"] == "resolution")
    figure = on_time(product, FIRST.date(), (AFTER - timedelta(days=1)).date(), now=NOW)
    assert (line["k"], line["n"]) == (figure.k, figure.n) and figure.n > 30
    teams = {each["name"]: each for each in result["groups"] if each["by"] == "team"}
    late = teams.pop(TEAMS[LATE_TEAM].zh)
    assert all(late["rate"] < each["rate"] for each in teams.values())
    assert sum(each["n"] for each in result["groups"] if each["by"] == "category") == line["n"]
    overdue = ask(product, "tickets.overdue")
    assert overdue["missed"] == sum(each["n"] - each["k"] for each in result["promises"])
    resolutions = [each for each in overdue["rows"] if each["promise"] == "resolution"]
    assert len(resolutions) == line["n"] - line["k"]
    assert sum(each["n"] for each in overdue["reasons"]) == overdue["missed"]
    ordered = sorted(told, key=lambda each: (each.said.at, each.said.uid))
    for row in resolutions:
        story = ordered[row["number"] - 1]
        answered = [each.at for each in story.steps if each.what == "answer"]
        due = datetime.strptime(row["due"], "%Y-%m-%d %H:%M").replace(tzinfo=ZONE) + timedelta(
            minutes=1
        )
        if row["reason"] == "answered":
            assert answered and answered[0] <= due
        elif row["reason"] != "reopened":
            assert not answered or answered[0] >= due - timedelta(minutes=1)


def _open_at(story: Story, moment: datetime) -> bool:
    before = [what for at, what in moves(story) if at < moment]
    return story.said.at < moment and (not before or before[-1] == "resumed")


def _rated_end(story: Story) -> bool:
    """Whether the end that was rated lies in the period: that of the last time it was solved."""
    ends = [at for at, what in moves(story) if what == "ended" and at <= story.solves[-1].at]
    return within(ends[-1])


def test_both_reports_say_what_was_planted_and_what_they_say_can_be_issued(
    make_desk, store, make_user
):
    product, _ = make_desk(11, count=400, burst=60)
    lead = make_user("lead", product)
    issue = build(create_report(product, "feedback-summary", "2026-10", acting_user=lead), store)
    findings = {row.key: row for row in issue.sentences.filter(style="finding")}
    (burst,) = [row for key, row in findings.items() if key.startswith("grown:")]
    assert BURST_TOPIC.category.zh in burst.key, findings
    values = issue.figures.get(key="categories").values
    assert 60 in [each["value"] for name, each in values.items() if name.startswith("now_")]
    assert "behind:team" in findings and _named(issue)
    rated = issue.figures.get(key="satisfaction")
    low, high = rated.result["interval"]
    state = issue.sentences.get(key="conclusion:kpi_" + ("1" if "on_time" in _keys(issue) else "0"))
    # how sure it is stands on the card once, by the tone
    assert ("未达成" in state.zh, "证据" in state.zh) == (rated.result["score"] < 80, False)
    assert (state.tone == "weak") == (low < 80 <= high)
    assert {each.code for each in lint_issue(issue) if each.level == "block"} <= {"unassigned"}
    for language in ("zh", "en"):
        text = export(issue, "html", language).content.decode()
        assert str(rated.result["n"]) in text

    register = build(
        create_report(
            product,
            "feedback-register",
            "2026-10",
            settings={"team": TEAMS[LATE_TEAM].zh},
            acting_user=lead,
        ),
        store,
    )
    rows = register.figures.get(key="register")
    assert rows.question["team"] == TEAMS[LATE_TEAM].zh and rows.row_count == rows.result["tickets"]
    assert export(register, "xlsx", "zh").content[:2] == b"PK"


def test_documents_of_the_register_list_each_ticket_and_its_page_the_first(
    make_desk, store, make_user
):
    product, _ = make_desk(11, count=600)
    lead = make_user("lead", product)
    made = create_report(product, "feedback-register", "2026-09-01..2026-10-30", acting_user=lead)
    issue = build(made, store)
    numbers = {str(each["number"]) for each in issue.figures.get(key="register").result["rows"]}
    assert len(numbers) > MOST_ROWS
    html = html_of(export(issue, "html", "zh").content)
    word = docx.Document(BytesIO(export(issue, "docx", "zh").content))
    listed = {row.cells[0].text for table in word.tables for row in table.rows}
    assert numbers <= set(html.cells) and numbers <= listed
    (page,) = [
        block
        for chapter in chapters(publication_of(issue, "zh-hans"), issue)
        for block in chapter["blocks"]
        if block["is"] == "figure" and block["block"].key == "register"
    ]
    assert len(page["lines"]) == MOST_ROWS and page["cut"]


def _named(issue) -> bool:
    """Whether the late team is the value that the sentence names."""
    values = issue.figures.get(key="on_time").values
    return values["team_name"]["value"] == TEAMS[LATE_TEAM].zh


def _keys(issue) -> set[str]:
    return set(issue.figures.filter(problem__isnull=True).values_list("key", flat=True))


def test_topics_are_counted_with_their_users_and_words(make_desk):
    from userops.feedback.tickets.models import Ticket
    from userops.feedback.topics.models import Topic, TopicTicket

    product, told = make_desk(3)
    with pytest.raises(NoRecords):
        ask(product, "tickets.topics")
    topic = Topic.objects.create(product=product, name="新人券", stability=0.9, found=NOW, place=0)
    theirs = Ticket.objects.filter(product=product, text="新人券用不了")
    TopicTicket.objects.bulk_create(
        [TopicTicket(ticket=row, topic=topic, near=0.9) for row in theirs]
    )
    found = ask(product, "tickets.topics")
    (line,) = found["topics"]
    mine = [each for each in told if each.said.burst and within(each.said.at)]
    assert line["tickets"] == len(mine) and line["speakers"] == len(
        {each.said.uid for each in mine}
    )
    assert line["quotes"] == ["新人券用不了"] and line["before"] == 0 and line["change"] is None
