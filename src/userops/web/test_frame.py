from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils.translation import override

from userops.analyses.registry import ANALYSES, FAMILIES
from userops.errors import Refused
from userops.web import extraction, menu
from userops.web.errors import ShowErrors, server_error
from userops.web.templatetags.frame import data_script
from userops.words import Words

PACKAGE = Path(extraction.__file__).parent.parent
CHINESE_BESIDE_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")


@pytest.fixture
def member(client: Client, db: None) -> Client:
    from userops.workspace.models import Membership, User

    user = User.objects.create_user("frame@example.com", "a-long-password")
    Membership.objects.create(user=user, role="admin")
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_component_is_shown(member: Client, language: str) -> None:
    member.cookies["language"] = language
    assert "<c-" not in member.get("/patterns").content.decode()
    sources = "".join(path.read_text("utf-8") for path in (PACKAGE / "web").rglob("*.html"))
    for path in (PACKAGE / "web" / "components").glob("*.html"):
        assert f"<c-{path.stem.replace('_', '-')} " in sources, path


def test_pages_obey_their_policy(member: Client) -> None:
    """No inline style, no inline script, no handler attribute: the policy would refuse them."""
    for path in PACKAGE.rglob("*.html"):
        if path.name == "mail.html":
            continue  # readers of mail know inline styles only, and no policy of ours
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle\s*=\s*[\"']", text), path
        assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), path
        # the frame of a mail is a document of its own, whose policy names this one style
        assert "<style" not in text.replace('<style nonce="{{ nonce }}">', ""), path
        for script in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in script or "application/json" in script, (path, script)
    response = member.get("/patterns")
    assert "unsafe" not in response["Content-Security-Policy"]


def test_icons_are_in_the_sprite() -> None:
    sprite = (PACKAGE / "web/static/vendor/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    for path in PACKAGE.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r'<c-icon name="([a-z0-9-]+)"', text))
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', text))
        named |= set(re.findall(r'<c-[a-z-]+[^>]*\sicon="([a-z0-9-]+)"', text))
        assert named <= known, (path, named - known)
    in_menu = {each.icon for group in menu.MENU for each in (*group.entries, *group.flat)}
    assert in_menu <= known


def test_chinese_uses_full_width_punctuation() -> None:
    wrong = []
    for path in PACKAGE.rglob("*.po"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("msgstr") and CHINESE_BESIDE_HALF_WIDTH.search(line):
                wrong.append(f"{path.relative_to(PACKAGE)}:{number} {line}")
    assert not wrong


def test_chinese_in_code_uses_full_width_punctuation() -> None:
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Words":
                wrong += [
                    f"{path.relative_to(PACKAGE)}:{part.lineno} {part.value}"
                    for argument in node.args[:1]
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Constant)
                    and CHINESE_BESIDE_HALF_WIDTH.search(str(part.value))
                ]
    assert not wrong


@pytest.mark.parametrize(
    ("given", "cookie"), [({"language": "en"}, "language"), ({"theme": "dark"}, "theme")]
)
def test_preferences_are_remembered(member: Client, given: dict[str, str], cookie: str) -> None:
    response = member.post("/preferences", {**given, "next": "/patterns"})
    assert response.headers["Location"] == "/patterns"
    assert response.cookies[cookie].value == given[cookie]
    from userops.workspace.models import User

    assert getattr(User.objects.get(email="frame@example.com"), cookie) == given[cookie]
    member.cookies.clear()


def test_the_language_follows_the_member(member: Client) -> None:
    member.post("/preferences", {"language": "en"})
    session = member.cookies["sessionid"].value
    member.cookies.clear()
    member.cookies["sessionid"] = session
    html = member.get("/patterns", HTTP_ACCEPT_LANGUAGE="zh-CN").content.decode()
    assert '<html lang="en"' in html


def test_rises_can_be_red(member: Client) -> None:
    assert 'data-rise="green"' in member.get("/patterns").content.decode()
    member.post("/preferences", {"rise": "red"})
    assert 'data-rise="red"' in member.get("/patterns").content.decode()


def test_preferences_lead_nowhere_else(member: Client) -> None:
    response = member.post("/preferences", {"theme": "dark", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_preferences_ignore_unknown_values(member: Client) -> None:
    response = member.post("/preferences", {"theme": "pink", "language": "tlh"})
    assert "theme" not in response.cookies


def test_missing_pages_say_so_in_both_languages(client: Client, db: None) -> None:
    client.cookies["language"] = "en"
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
    client.cookies["language"] = "zh-hans"
    assert "这里没有内容" in client.get("/nothing-here").content.decode()
    body = client.get("/api/nothing-here").json()
    assert body["error"]["code"] == "not_found"
    assert body["error"]["message_zh"] == "这里没有内容"


def test_htmx_gets_a_fragment(client: Client, db: None) -> None:
    html = client.get("/nothing-here", HTTP_HX_REQUEST="true").content.decode()
    assert "data-error-state" in html
    assert "<html" not in html


def test_the_last_error_page_needs_no_database() -> None:
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"UserOps" in response.content


def test_errors_of_ours_become_pages(rf: RequestFactory, db: None) -> None:
    error = Refused(Words("不行。", "No."), code="no_way", hint=Words("换一个。", "Take another."))
    request: HttpRequest = rf.get("/p/shop/", HTTP_HX_REQUEST="true")
    with override("zh-hans"):
        answer: Any = ShowErrors(lambda _request: None).process_exception(request, error)  # type: ignore[arg-type,return-value]
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "不行。" in html
    assert "换一个。" in html
    assert "no_way" in html


def test_the_menu_shows_what_exists_and_is_allowed() -> None:
    groups = (
        menu.Group("", (menu.Entry("here", "patterns", "x", in_product=False),)),
        menu.Group("", (menu.Entry("later", "nowhere:at-all", "x"),)),
        menu.Group("", (menu.Entry("closed", "patterns", "x", "", "erase", False),)),
    )
    shown = menu.links(groups, slug="shop", granted={"view"}, path="/patterns")
    assert [entry.title for group in shown for entry in group.entries] == ["here"]
    assert shown[0].entries[0].current


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("", "总览"),
        ("feedback/inbox", "收件箱"),
        ("feedback/inbox/7", "收件箱"),
        ("feedback/new", None),
    ],
)
def test_the_menu_marks_where_one_is(page: str, name: str | None) -> None:
    shown = menu.links(
        menu.MENU, slug="shop", granted={"view", "handle_tickets"}, path=f"/p/shop/{page}"
    )
    marked = [str(each.title) for group in shown for each in group.flat if each.current]
    assert marked == ([name] if name else [])


def test_keys_of_the_menu_are_unique() -> None:
    keys = [entry.key for group in menu.MENU for entry in group.flat if entry.key]
    assert sorted(keys) == sorted(set(keys))


def test_each_analysis_stands_in_one_fold() -> None:
    in_folds = [each.kind for family in FAMILIES for each in family.analyses]
    assert sorted(in_folds) == sorted(each.kind for each in ANALYSES)
    most = max(len(group.entries) for group in menu.MENU)
    assert most <= 12, "a group that one cannot take in at a glance wants folds"


def test_the_fold_of_the_page_is_open(member: Client, product: Any) -> None:
    page = member.get(f"/p/{product.slug}/insights/churn").content.decode()
    folds = re.findall(r'<details class="nav-fold" (open)?>(.*?)</details>', page, re.DOTALL)
    assert [bool(opened) for opened, _ in folds].count(True) == 1
    inside = next(text for opened, text in folds if opened)
    assert 'aria-current="page"' in inside and "/insights/retention" in inside


def test_data_for_scripts_is_short_and_cannot_be_broken_out_of() -> None:
    made = data_script({"名": "</script><b>&", "n": [1, 2]}, "x")
    assert "名" in made and "[1,2]" in made
    assert "<b>" not in made and made.count("</script>") == 1
