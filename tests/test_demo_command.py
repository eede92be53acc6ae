"""`userops demo`, as a user starts it: made once, used again, logged in to."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.parse
import urllib.request
from pathlib import Path

from tests.processes import Server, run

SMALL = ("--events", "6000", "--seed", "3")


def log_in(url: str, email: str, password: str) -> str:
    """The page after log-in, with a cookie jar as a browser has one."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.open(f"{url}/accounts/login/").read()
    fields = {
        "login": email,
        "password": password,
        "csrfmiddlewaretoken": next(each.value for each in jar if each.name == "csrftoken"),
    }
    form = urllib.parse.urlencode(fields).encode()
    page: str = browser.open(f"{url}/accounts/login/?next=/p/demo/dashboards", form).read().decode()
    return page


def test_the_demo_is_made_once_and_opens_with_its_dashboard(tmp_path: Path):
    data = tmp_path / "data"
    first = run("demo", "--data", data, "--no-serve", *SMALL)
    again = run("demo", "--data", data, "--no-serve", errors=True)
    assert first in again
    assert "data end on" not in again
    email, password = re.search(r"Log in: (\S+)\s+(\S+)", first).groups()
    truth = json.loads((data / "demo-truth.json").read_text(encoding="utf-8"))
    assert truth["seed"] == 3
    with Server(data) as server:
        page = log_in(server.url, email, password)
    assert "拾光集经营看板" in page
    assert "拾光集" in page
    order = data / "demo.json"
    before = json.loads(order.read_text(encoding="utf-8"))
    order.write_text(json.dumps({**before, "end": "2026-01-31"}), encoding="utf-8")
    assert "data end on 2026-01-31" in run("demo", "--data", data, "--no-serve", errors=True)
