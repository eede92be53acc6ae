"""Each action that is logged has a name in both languages, and so has each of its details."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.apps import apps

import userops
from userops.workspace.audit.names import ACTIONS, DETAILS, MODELS
from userops.workspace.log import note
from userops.workspace.models import LogEntry

NOTING = {"note", "_noted", "_changed"}
"""What the slices call the function that writes a line."""
OF_CALLS = {"product", "target", "acting_user"}


def logged() -> tuple[set[str], set[str]]:
    """Actions and details as the code writes them."""
    actions, details = set(), set()
    for path in Path(userops.__file__).parent.rglob("*.py"):
        if path.name.startswith(("test_", "conftest")):
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in NOTING:
                continue
            texts = [
                each.value
                for each in call.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            found = {text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}
            actions |= found
            if found:
                details |= {each.arg for each in call.keywords if each.arg} - OF_CALLS
    return actions, details


def test_what_is_logged_has_a_name():
    actions, details = logged()
    assert len(actions) > 100
    assert actions - set(ACTIONS) == set()
    assert details - set(DETAILS) == set()


def test_the_page_tells_structures_in_json(client, make_user):
    admin = make_user("admin")
    note(
        admin, "rule.created", target="差评升级", document={"when": {"cause": "原因"}}, active=True
    )
    client.force_login(admin)
    page = client.get("/log").content.decode()
    assert LogEntry.objects.exists()
    assert (
        "新建规则" in page and "{&quot;when&quot;: {&quot;cause&quot;: &quot;原因&quot;}}" in page
    )
    assert "定义: " in page and ">rule.created<" not in page
    assert "使用中: 是" in page


def test_codes_and_keys_are_shown_by_their_names(client, make_user, product):
    admin = make_user("admin")
    for model in MODELS.values():
        assert apps.get_model(model)
    note(admin, "tag.created", product=product, target="a", kind="manual")
    note(admin, "ticket.status", product=product, target="#1", **{"from": "new", "to": "solved"})
    owner = {"field": "owner", "from": None, "to": admin.pk}
    note(admin, "ticket.changed", product=product, target="#2", **owner)
    note(admin, "ticket.asked", product=product, target="#3", words={"zh": "关联", "en": "Asks"})
    client.force_login(admin)
    page = client.get("/log", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "类型: 手工" in page and "状态: 新建 → 已解决" in page and "内容: 关联" in page
    assert f"处理人: – → {admin}" in page and "manual" not in page
