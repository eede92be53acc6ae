from __future__ import annotations

import dataclasses

import pytest

from userops.analyses.answering import answer
from userops.audience.segments.models import Segment
from userops.audience.tags.models import Tag
from userops.demo import load
from userops.demo.desk.equipment import PREPARED, SWITCHED_ON
from userops.demo.load import DemoOrder
from userops.demo.opening import LOGIN_FILE, _administrator, open_demo
from userops.demo.showcase import make_showcase, showpieces
from userops.events.store import Store
from userops.feedback.channels.models import Channel
from userops.feedback.inbox.models import Macro
from userops.feedback.rules.models import Rule
from userops.feedback.sorting.models import Team
from userops.feedback.tickets.models import Ticket
from userops.insights.models import Card, Dashboard, SavedAnalysis
from userops.reports.models import Report
from userops.workspace.models import Membership, User
from userops.workspace.setup import create_workspace

ORDER = DemoOrder(seed=1, events=30_000, end="2026-11-21")
PIECES = showpieces(ORDER, "zh-hans")


@pytest.fixture
def folder_store(store, engine, tmp_path):
    return Store(dataclasses.replace(store.config, data=tmp_path), engine=engine)


def start(store):
    return open_demo(store, 3, 6_000, lambda *_: None)


def test_the_log_in_is_kept_for_its_owner_only_and_works(folder_store, make_product, tmp_path):
    product = make_product(slug="demo")
    first, second = start(folder_store), start(folder_store)
    assert first.fresh
    assert not second.fresh
    assert first.login == second.login
    email, password = (tmp_path / LOGIN_FILE).read_text().split()
    assert password in first.login
    assert User.objects.get(email=email).check_password(password)
    assert (tmp_path / LOGIN_FILE).stat().st_mode & 0o777 == 0o600
    assert Dashboard.objects.filter(product=product).count() == 1
    assert Channel.objects.filter(product=product).count() == 1
    assert Rule.objects.filter(product=product, active=True).count() == len(SWITCHED_ON)
    assert Macro.objects.filter(product=product).count() == len(PREPARED)


def test_colleagues_answer_the_tickets_of_their_team(folder_store, make_product):
    product = make_product(slug="demo")
    start(folder_store)
    answered = Ticket.objects.filter(product=product, owner__isnull=False).select_related("team")
    teams = {team.pk: set(team.members.all()) for team in Team.objects.filter(product=product)}
    assert all(members for members in teams.values())
    assert len(answered) > 0
    assert all(each.owner in teams[each.team_id] for each in answered)


def test_a_workspace_that_is_there_keeps_its_administrator(folder_store, tmp_path):
    create_workspace(
        email="me@example.com",
        password="long-enough-8472",
        product_slug="shop",
        product_name="Shop",
        timezone="Asia/Shanghai",
        language="en",
    )
    admin, login = _administrator(folder_store)
    assert "me@example.com" in login
    assert admin.email == "me@example.com"
    assert not (tmp_path / LOGIN_FILE).exists()
    assert User.objects.count() == 1


def test_the_showcase_is_made_once(make_product):
    product, owner = make_product(), User.objects.create_user("a@example.com", "x")
    Membership.objects.create(user=owner, product=None, role="admin")
    for _ in range(2):
        make_showcase(product, ORDER, owner, "zh-hans")
    assert SavedAnalysis.objects.filter(product=product).count() == len(PIECES)
    assert Card.objects.count() == len(PIECES)
    assert "购买转化漏斗" in set(SavedAnalysis.objects.values_list("name", flat=True))


def test_series_are_called_in_the_language_of_the_workspace():
    names = [
        piece.document["series"][0]["name"]
        for piece in showpieces(ORDER, "en")
        if "series" in piece.document
    ]
    assert "Revenue" in names
    assert all(name.isascii() for name in names)


def test_each_saved_analysis_has_something_to_show(folder_store, make_product):
    make_product(slug="demo", timezone="Asia/Shanghai")
    # a company that ends on the day with which the documents end
    load.write_json(folder_store.config.data / load.ORDER_FILE, dataclasses.asdict(ORDER))
    load.load_demo(folder_store, None, None, lambda *_: None)
    for piece in PIECES:
        rows = answer(piece.document, folder_store).table().rows
        assert any(isinstance(cell, int | float) and cell > 0 for row in rows for cell in row), (
            piece.words.en
        )


def test_people_are_grouped_and_a_report_waits(folder_store, make_product):
    product = make_product(slug="demo", timezone="Asia/Shanghai")
    for _ in range(2):
        start(folder_store)
    assert Segment.objects.filter(product=product, size__gt=0).count() >= 3
    spending = Tag.objects.get(product=product, kind="computed")
    assert sum(spending.counts.values()) > 0
    assert Tag.objects.get(product=product, kind="manual").people > 0
    assert Report.objects.get(product=product).issues.get().status == "building"
