"""Fixtures of the tests that cross slices: a real server with a small demo company, and Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.processes import command

EVENTS = 20_000
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A server in a process of its own; `product` is the demo company's slug."""

    url: str
    email: str
    password: str
    data: Path
    product: str = "demo"

    def errand(self, name: str, **arguments: Any) -> Any:
        """What the command line asks of the running server."""
        from userops.client import running_server

        running = running_server(self.data)
        assert running is not None
        return running.errand(name, product=self.product, **arguments)


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    data = tmp_path_factory.mktemp("browser") / "data"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("USEROPS_")
    }
    environment |= {"USEROPS_PORT": "0", "PYTHONUNBUFFERED": "1"}
    made = subprocess.run(
        command("demo", "--data", str(data), "--events", str(EVENTS), "--no-serve"),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,  # on a machine that others keep busy
    )
    assert made.returncode == 0, made.stdout
    email, password = (data / "demo-login.txt").read_text().split()
    log = data.with_name("server.log")
    with log.open("w") as out:
        process = subprocess.Popen(
            command("serve", "--data", str(data)),
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        yield DemoServer(_address(process, log), email, password, data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    import re
    import time

    for _ in range(3_000):
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found:
            return found[0]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium; skips loudly where there is none."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("CHROMIUM MISSING: the browser tests did not run")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, in which Django would refuse the database
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def npm_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`node_modules` with the development packages too: axe-core, posthog-js, sa-sdk-javascript."""
    import hatch_build

    return hatch_build.install_packages(tmp_path_factory.mktemp("npm"), dev=True)


@pytest.fixture(scope="session")
def axe(npm_modules: Path) -> str:
    """The script that finds what is not accessible; a test evaluates it, past the page's policy."""
    return (npm_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def page(chromium: Any, demo_server: DemoServer) -> Iterator[Any]:
    """A logged-in page in Chinese whose console must stay silent."""
    context = chromium.new_context(viewport={"width": 1366, "height": 900})
    context.add_cookies([{"name": "language", "value": "zh-hans", "url": demo_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    # a request that a newer one replaces is no fault; htmx logs it as an error
    replaced = ("htmx:sendAbort", "htmx:afterRequest")
    page.on(
        "console",
        lambda m: (
            complaints.append(m.text)
            if m.type == "error" and not m.text.startswith(replaced)
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{demo_server.url}/accounts/login/")
    page.fill("#id_login", demo_server.email)
    page.fill("#id_password", demo_server.password)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    switch(page, "zh-hans")
    yield page
    context.close()
    assert complaints == []


def switch(page: Any, language: str) -> None:
    page.evaluate(
        """async (language) => {
          const form = new FormData(document.querySelector('form[action="/preferences"]'));
          form.set("language", language);
          await fetch("/preferences", { method: "POST", body: form });
        }""",
        language,
    )
