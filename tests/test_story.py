"""One workspace from its first command to its return from a backup, by real processes only."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import REAL_DATA

import userops
from tests.processes import Server, run, run_json

SHOP = REAL_DATA / "shop_events.csv"
FUNNEL = {
    "kind": "funnel",
    "product": "shop",
    "range": {"from": "2019-11-01", "to": "2020-04-30"},
    "window": "180d",
    "steps": [{"event": "catalog"}, {"event": "cart"}, {"event": "payment_done"}],
}
TREND = {
    "kind": "trend",
    "product": "shop",
    "range": {"from": "2019-11-01", "to": "2020-04-30"},
    "unit": "month",
    "series": [{"event": "catalog", "measure": "users"}],
}
DOCUMENTS = (FUNNEL, TREND)
PAID = {"step": 3}


def made_file(folder: Path) -> Path:
    """A small file of the same form: 30 look, 20 of them fill a cart, 10 of these pay."""
    lines = ["user_id,event,timestamp"]
    for user in range(30):
        for place, event in enumerate(("catalog", "cart", "payment_done")):
            if user < 30 - 10 * place:
                lines.append(f"u{user},{event},2019-11-{user % 28 + 1:02} 10:0{place}:00.5")
    path = folder / "events.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def asked(data: Path) -> list[str]:
    """The `result` of each document as text: equal figures are equal byte for byte."""
    answers = []
    for document in DOCUMENTS:
        said = run("query", "-", "--format", "json", "--data", data, stdin=json.dumps(document))
        answers.append(json.dumps(json.loads(said)["result"]))
    return answers


def by_python(place: str, **options: Any) -> tuple[list[str], dict[str, Any]]:
    """The same, and who is behind the last step of the funnel."""
    workspace = userops.open(place, **options)
    try:
        answers = [json.dumps(workspace.query(document).result) for document in DOCUMENTS]
        return answers, workspace.people(FUNNEL, PAID, limit=5, offset=2)
    finally:
        workspace.close()


def people_of(data: Path) -> dict[str, Any]:
    """The same people by the command."""
    said = run(
        *("query", "-", "--who", json.dumps(PAID), "--limit", 5, "--offset", 2),
        *("--format", "json", "--data", data),
        stdin=json.dumps(FUNNEL),
    )
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("story")
    data, backup = folder / "data", folder / "backup.tar.zst"
    told: dict[str, Any] = {"real": SHOP.exists()}
    told["init"] = run_json("init", "--data", data, "--yes")
    told["import"] = run_json(
        *("import", SHOP if SHOP.exists() else made_file(folder), "--product", "shop"),
        *("--user", "user_id", "--time", "timestamp", "--event", "event", "--data", data),
    )
    told["at first"] = asked(data)
    with Server(data) as server:
        told["served"] = asked(data)
        told["people"] = people_of(data)
        told["by folder"], told["people by folder"] = by_python(str(data))
        told["by url"], told["people by url"] = by_python(server.url, token=server.token)
    told["exit"] = server.process.returncode
    told["left"] = (data / "server.json").exists()
    told["backup"] = run_json("backup", backup, "--data", data)
    shutil.rmtree(data)
    run("restore", backup, "--data", data)
    told["restored"] = asked(data)
    told["check"] = run("check", "--data", data)
    return told


def test_init_makes_an_admin_a_product_and_a_key(story):
    assert story["init"]["product"] == "app"
    assert story["init"]["password"] and story["init"]["write_key"].startswith("wk_")


def test_the_funnel_is_right(story):
    users = [step["users"] for step in json.loads(story["at first"][0])["steps"]]
    assert users == ([3611, 1924, 653] if story["real"] else [30, 20, 10])
    assert story["import"]["stored"] == story["import"]["rows"]


@pytest.mark.parametrize("door", ["served", "by folder", "by url", "restored"])
def test_the_same_answers_by_every_door(story, door):
    assert story[door] == story["at first"]


def test_the_same_people_by_every_door(story):
    assert story["people"]["total"] == (653 if story["real"] else 10)
    assert len(story["people"]["people"]) == 5 and all(
        each["id"] for each in story["people"]["people"]
    )
    assert story["people by folder"] == story["people by url"] == story["people"]


def test_a_signal_ends_the_server_cleanly(story):
    assert story["exit"] == 0
    assert not story["left"], "a stopped server announces itself no longer"


def test_what_came_back_is_in_order(story):
    assert "BAD" not in story["check"]
