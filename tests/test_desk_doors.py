"""The desk by its commands and by Python: the same answers from a folder and from the API."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from userops.cli import asking
from userops.cli.commands import channel, deadline, pain_point, requirement, rule
from userops.client.desk import LocalDesk, RemoteDesk
from userops.errors import NotFound
from userops.feedback.clocks.actions import Wanted, create_policy
from userops.maintenance.errands import ERRANDS

Command = Callable[..., Any]


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def run(store: Any, product: Any, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`run(module, "show", "1")`: the command beside an open store; what it printed, read where it is JSON."""

    @contextlib.contextmanager
    def opened(_data: Any) -> Iterator[Any]:
        # arguments and answers travel as JSON, as to a running server
        yield lambda errand, **given: json.loads(
            json.dumps(ERRANDS[errand](store, **json.loads(json.dumps(given))), default=str)
        )

    monkeypatch.setattr(asking, "open_store", opened)

    def ask(module: Any, action: str, *given: Any, fails: bool = False) -> Any:
        words = [action, "--product", product.slug, *map(str, given)]
        found = CliRunner().invoke(module.command, words)
        assert bool(found.exit_code) == fails, (words, found.output, found.exception)
        return json.loads(found.stdout) if "--json" in words else found.output

    return ask


@pytest.fixture
def desks(store: Any, product: Any, lead: Any, client: Any) -> list[Any]:
    """The folder's and the server's."""
    client.force_login(lead)

    def call(method: str, path: str, sent: bytes | None = None) -> bytes:
        found = client.generic(method, path, sent or b"", content_type="application/json")
        assert found.status_code == 200, found.content
        return bytes(found.content)

    slug = lambda: product.slug  # noqa: E731
    return [
        LocalDesk(SimpleNamespace(store=store), slug),  # type: ignore[arg-type]
        RemoteDesk(SimpleNamespace(call=call), slug),  # type: ignore[arg-type]
    ]


@pytest.fixture
def numbers(store: Any, product: Any) -> list[int]:
    """Three tickets."""
    return [
        ERRANDS["ticket-open"](store, product=product.slug, text=text)["number"]
        for text in ("希望可以导出", "能导出吗", "登录不上")
    ]


DOCUMENT = {
    "when": {"cause": "opened"},
    "if": {"all": [{"field": "text", "test": "contains", "values": ["登录"]}]},
    "then": [{"do": "severity", "value": "high"}],
}


def test_requirements_by_command(run: Command, numbers: list[int]) -> None:
    assert "No requirement yet" in run(requirement, "list")
    made = run(requirement, "create", "导出", "--reference", "APP-1", "--json")
    assert (made["number"], made["status"]) == (1, "planned")
    linked = run(requirement, "link", 1, *numbers, "--json")
    assert linked["tickets"] == 3
    assert run(requirement, "link", 1, numbers[2], "--away", "--json")["tickets"] == 2
    assert "would be told now: 2" in run(requirement, "move", 1, "shipped", "--in", "5.2")
    assert run(requirement, "tell", 1, "--ticket", numbers[0], "--json")["told"] == 1
    assert run(requirement, "tell", 1, "--json")["told"] == 2
    assert "told: 2" in run(requirement, "show", 1)
    assert "APP-1" in run(requirement, "list", "--status", "shipped")
    assert run(requirement, "list", "--status", "planned", "--json") == []
    run(requirement, "show", 9, fails=True)


def test_rules_by_command(run: Command, numbers: list[int], tmp_path: Any) -> None:
    assert "No rule yet" in run(rule, "list")
    file = tmp_path / "rule.json"
    file.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    assert "off" in run(rule, "add", "登录", file)
    shown = run(rule, "show", "登录", "--json")
    assert shown["then"] == DOCUMENT["then"]
    tried = run(rule, "dry-run", "登录", "--json")
    assert (tried["fired"], tried["found"][0]["ticket"]) == (1, numbers[2])
    assert "would have fired 1 times" in run(rule, "dry-run", "登录")
    assert "on " in run(rule, "enable", "登录") and "off" in run(rule, "disable", "登录")
    assert run(rule, "log") == ""
    file.write_text("{", encoding="utf-8")
    assert "not JSON" in run(rule, "add", "x", file, fails=True)


def test_deadlines_by_command(run: Command, product: Any, lead: Any, store: Any) -> None:
    assert "Nothing is promised yet" in run(deadline, "policies")
    assert "there is no rate" in run(deadline, "on-time")
    create_policy(product, Wanted("全部", first=60, resolution=480), acting_user=lead)
    assert "first 60 min, resolution 480 min" in run(deadline, "policies")
    number = ERRANDS["ticket-open"](store, product=product.slug, text="慢")["number"]
    clocks = run(deadline, "ticket", number, "--json")
    assert {each["kind"] for each in clocks} == {"first", "resolution"}
    assert "working minutes" in run(deadline, "ticket", number)
    assert run(deadline, "on-time", "--json")["k"] == 0
    assert run(deadline, "sorting", "--json")["teams"] == []


def test_channels_by_command(run: Command) -> None:
    made = run(channel, "create", "form", "反馈", "--json")
    assert made["kind"] == "form" and made["active"]
    assert "反馈" in run(channel, "list")
    changed = run(channel, "change", made["id"], "--name", "新名", "--pause", "--json")
    assert (changed["name"], changed["active"]) == ("新名", False)
    assert "paused" in run(channel, "list")
    assert run(channel, "aside") == ""
    assert "NAME=VALUE" in run(channel, "change", made["id"], "--set", "x", fails=True)
    run(channel, "delete", made["id"], "--yes")
    assert run(channel, "list") == ""


def test_pain_points_by_command(run: Command) -> None:
    assert "No pain point yet" in run(pain_point, "list")
    made = run(pain_point, "create", "--title", "闪退", "--event", "crash", "--json")
    assert made["document"]["evidence"]["step"]["event"] == "crash"
    assert "Not computed yet" in run(pain_point, "show", "--number", 1)
    assert "P1" in run(pain_point, "compute") and "P1" in run(pain_point, "list")
    assert "score" in run(pain_point, "show", "--number", 1)
    assert "--title is needed" in run(pain_point, "create", fails=True)
    assert "not JSON" in run(pain_point, "create", "--title", "x", "--document", "{", fails=True)


def test_python_says_the_same_of_a_folder_and_of_a_server(
    desks: list[Any], store: Any, product: Any, lead: Any, numbers: list[int]
) -> None:
    ERRANDS["rule-add"](store, product=product.slug, name="登录", document=DOCUMENT)
    ERRANDS["requirement-create"](store, product=product.slug, title="导出")
    create_policy(product, Wanted("全部", first=60), acting_user=lead)
    local, remote = desks
    local.link_requirement(1, numbers[:1])
    remote.link_requirement(1, numbers[1:2])
    for desk in desks:
        assert [each["name"] for each in desk.rules()] == ["登录"] and desk.rule_log() == []
        kinds = [each["kind"] for each in desk.deadlines(numbers[0])]
        assert kinds == ["first", "resolution"]
        assert desk.on_time("2026-01-01", "2026-01-31")["share"] is None
        assert desk.requirement(1)["users"] == 2
    assert local.requirements() == remote.requirements()
    remote.move_requirement(1, "shipped", "5.2")
    assert local.tell_requirement(1, numbers[0])["told"] == 1
    for desk in desks:
        assert desk.requirement(1)["version"] == "5.2"
    with pytest.raises(NotFound):
        remote.try_rule("nothing", "2026-01-01", "2026-01-31")
    assert local.try_rule("登录", "2026-01-01", "2026-12-31")["tickets"] >= 0
