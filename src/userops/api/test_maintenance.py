from __future__ import annotations

import json

from userops import config
from userops.events.models import ImportRun
from userops.maintenance.errands import ERRANDS


def ask(client, errand, **arguments):
    return client.post(
        f"/api/local/{errand}", json.dumps(arguments), content_type="application/json"
    )


def test_a_token_of_an_administrator_is_not_enough(make_client, store):
    answer = ask(make_client("admin"), "check")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "local_only"


def test_the_key_of_this_machine_is(make_user, client, store, monkeypatch, tmp_path):
    make_user("admin")
    (tmp_path / "server.json").write_text(json.dumps({"token": "of-this-machine"}))
    changed = config.load(tmp_path, {})
    monkeypatch.setattr(config, "current", lambda: changed)
    client.defaults["HTTP_AUTHORIZATION"] = "Bearer of-this-machine"
    answer = ask(client, "check")
    assert {each["code"] for each in answer.json()["answer"]} >= {"schema", "batches", "twice"}
    assert ask(client, "unheard-of").status_code == 404
    client.defaults["REMOTE_ADDR"] = "10.0.0.1"
    assert ask(client, "check").status_code in (401, 403)


def test_a_dry_run_leaves_nothing_that_a_restart_would_take_up(store, product, tmp_path):
    from userops.events.importers.formats import detect_format
    from userops.events.importers.mapping import Mapping
    from userops.events.importers.run import run_import

    path = tmp_path / "rows.csv"
    path.write_text("user_id,time\nu1,2026-03-02 10:00:00\nu2,2026-03-02 10:00:01\n")
    mapping = Mapping(file=detect_format(path), user="user_id", time="time", event_name="look")
    unfinished = []

    def look(progress):
        unfinished.extend(
            ImportRun.objects.filter(product=product, state__in=["waiting", "running"])
        )

    outcome = run_import(store, product, path, mapping, dry_run=True, progress=look)
    assert outcome.rows == 2 and outcome.run is None
    assert unfinished == []
    assert not ImportRun.objects.filter(product=product).exists()


def test_errands_are_named_like_commands():
    assert all(name == name.lower() and "_" not in name for name in ERRANDS)
