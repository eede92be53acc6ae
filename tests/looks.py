"""A logged-in member who looks at pages in a language, a theme and a width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import DemoServer

Look = tuple[str, str, int]
TWO: tuple[Look, ...] = (("zh-hans", "light", 1280), ("en", "dark", 360))
FOUR: tuple[Look, ...] = (
    ("zh-hans", "light", 1280), ("en", "dark", 1280), ("zh-hans", "dark", 360), ("en", "light", 360),
)  # fmt: skip
"""Each pair of language, theme and width is among them."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

CHOOSE = """async (wanted) => {
  const form = new FormData(document.querySelector('form[action="/preferences"]'));
  for (const [name, value] of Object.entries(wanted)) form.set(name, value);
  await fetch("/preferences", { method: "POST", body: form });
}"""

SETTLED = """() => window.htmx && !document.querySelector("[aria-busy], .htmx-request")
  && [...document.querySelectorAll("[data-chart]")].every((figure) => figure.dataset.ready
    || document.getElementById(figure.dataset.chart)?.textContent.trim() === "null")"""


class Visitor:
    """A logged-in member in one language, theme and width; collects what the console complains of."""

    def __init__(self, browser: Any, server: DemoServer, look: Look):
        self.language, self.theme, self.width = look
        self.server = server
        self.complaints: list[str] = []
        # axe is injected by the test, past the policy; the complaints are collected without it
        self.context = browser.new_context(viewport={"width": self.width, "height": 900})
        self.context.add_cookies(
            [
                {"name": "language", "value": self.language, "url": server.url},
                {"name": "theme", "value": self.theme, "url": server.url},
            ]
        )
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        answer = self.page.goto(f"{server.url}/accounts/login/")
        assert answer.ok, answer.text()

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def log_in(self) -> None:
        self.page.fill("#id_login", self.server.email)
        self.page.fill("#id_password", self.server.password)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        # the account's language wins over the cookie
        self.page.evaluate(CHOOSE, {"language": self.language, "theme": self.theme})

    def open(self, path: str) -> None:
        answer = self.page.goto(self.server.url + path)
        assert answer.ok, (path, answer.status)
        self.page.wait_for_function(SETTLED)

    def faults(self, path: str, axe: str) -> list[str]:
        """What is wrong with a page in this look: wider than the window, or not accessible."""
        self.open(path)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        wrong = [f"{path}: {wide} px wide"] if wide > self.width else []
        # evaluated by the debugger, which the page's policy does not concern
        self.page.evaluate(axe)
        found = self.page.evaluate("rules => axe.run(document, rules)", RULES)
        return wrong + [
            f"{path}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]
        ]


def visitors(looks: tuple[Look, ...]) -> Callable[..., Iterator[Visitor]]:
    """The fixture `visitor` of a module: in each of the looks."""

    @pytest.fixture(scope="module", params=looks, ids=lambda look: "-".join(map(str, look)))
    def visitor(
        request: pytest.FixtureRequest, chromium: Any, demo_server: DemoServer
    ) -> Iterator[Visitor]:
        one = Visitor(chromium, demo_server, request.param)
        one.log_in()
        yield one
        one.context.close()

    return visitor
