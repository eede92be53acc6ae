"""The real web SDKs of PostHog and 神策 in Chromium, on a page of another origin than the server."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from userops.collect import capture_view
from userops.events.models import Merge, Profile, QuarantinedRow, UserId, WriteKey

pytestmark = pytest.mark.browser

Rows = list[dict[str, Any]]
COLUMNS = ("event", "uid", "platform", "os", "browser", "page", "utm_source", "source", "session")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def shop(npm_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a shop's page that carries both SDKs and starts neither."""
    folder = tmp_path_factory.mktemp("shop")
    scripts = {
        "posthog.js": npm_modules / "posthog-js" / "dist" / "array.full.js",
        "sensors.js": npm_modules / "sa-sdk-javascript" / "sensorsdata.min.js",
    }
    for name, source in scripts.items():
        (folder / name).write_bytes(source.read_bytes())
    (folder / "cart").mkdir()
    for name in ("posthog", "sensors"):
        page = (
            f'<!doctype html><title>购物车</title><script src="/{name}.js"></script><a id="a">x</a>'
        )
        (folder / "cart" / f"{name}.html").write_text(page, encoding="utf-8")
    (folder / "favicon.ico").write_bytes(b"")
    (folder / "bye.html").write_text("<!doctype html><title>bye</title>")
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # another origin than the server's: a name and a port of its own
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def key(transactional_db: None, product: Any) -> str:
    capture_view.KEYS.forget()
    return WriteKey.objects.create(product=product, name="web").key


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that collects what its console and its network complain of, in `page.wrong`."""
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.wrong = []
    page.on("console", lambda told: page.wrong.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("response", lambda got: page.wrong.append(got.url) if got.status >= 400 else None)
    yield page
    context.close()


@pytest.fixture
def arrived(store: Any, product: Any) -> Callable[[set[str]], Rows]:
    """`arrived(names)` waits until events of all these names are stored, and gives all events."""

    def wait(names: set[str]) -> Rows:
        sql = (
            f"select {', '.join(COLUMNS)}, toString(props) as props from events"
            " where product = {product:UInt32} order by ts, event"
        )
        rows: Rows = []
        for _ in range(300):
            found = store.engine.rows(sql, {"product": product.pk})
            rows = [dict(zip((*COLUMNS, "props"), row, strict=True)) for row in found]
            if names <= {row["event"] for row in rows}:
                # a batch counts once the operational database has it too: that follows at once
                with store.batches.idle():
                    return rows
            time.sleep(0.1)
        missing = names - {row["event"] for row in rows}
        raise AssertionError(f"did not arrive: {missing}; arrived: {[r['event'] for r in rows]}")

    return wait


def eventually(found: Callable[[], Any]) -> Any:
    """Asks until the answer is true, for ten seconds."""
    for _ in range(100):
        if answer := found():
            return answer
        time.sleep(0.1)
    return None


def _uids(product: Any) -> dict[str, int]:
    return dict(UserId.objects.filter(product=product).values_list("distinct_id", "uid"))


def test_posthog_js(
    live_server: Any, store: Any, product: Any, key: str, shop: str, page: Any, arrived: Any
) -> None:
    page.goto(f"{shop}/cart/posthog.html?utm_source=wechat")
    page.evaluate(
        """([key, url]) => new Promise(loaded => posthog.init(key, {
            api_host: url, person_profiles: 'always', capture_pageview: true,
            request_queue_config: {flush_interval_ms: 250},
            opt_out_useragent_filter: true,  // an automated browser counts as a robot otherwise
            loaded,
        })).then(() => {})""",
        [key, live_server.url],
    )
    page.evaluate("posthog.capture('加入购物车', {价格: 39.9, amount: 39.9})")
    arrived({"$pageview", "加入购物车"})
    anonymous = page.evaluate("posthog.get_distinct_id()")
    page.evaluate("posthog.identify('u-42', {vip: true}, {first: 'web'})")
    page.evaluate("posthog.capture('pay', {$set: {paid: 1}})")
    page.evaluate("posthog.alias('phone-42')")
    rows = arrived({"$identify", "pay"})
    # leaving the page: the last event goes by sendBeacon
    page.evaluate("posthog.capture('bye')")
    page.goto(f"{shop}/bye.html")
    rows = arrived({"bye", "$pageleave"})
    assert {row["source"] for row in rows} == {"posthog:web"}
    assert {row["platform"] for row in rows} == {"web"}
    assert {row["browser"] for row in rows} == {"Chrome"}
    assert {row["page"] for row in rows} == {"/cart/posthog.html"}
    assert len({row["session"] for row in rows}) == 1
    view = next(row for row in rows if row["event"] == "$pageview")
    assert view["utm_source"] == "wechat"
    uids = _uids(product)
    assert uids.keys() >= {anonymous, "u-42", "phone-42"}
    people = {uids[name] for name in (anonymous, "u-42", "phone-42")}
    merged = set(Merge.objects.filter(product=product).values_list("uid", flat=True))
    assert len(people & merged) == 2
    profile = {
        k: v for row in Profile.objects.filter(product=product) for k, v in row.properties.items()
    }
    assert (profile["vip"], profile["first"], profile["paid"]) == (True, "web", 1)
    assert not QuarantinedRow.objects.filter(product=product).exists()
    assert page.wrong == []


@pytest.mark.parametrize(
    "options",
    [
        {"send_type": "image"},
        {"send_type": "ajax"},
        {"send_type": "beacon"},
        {"batch_send": {"send_interval": 300}},
    ],
    ids=["image", "ajax", "beacon", "batch"],
)
def test_sensors_js(
    live_server: Any,
    store: Any,
    product: Any,
    key: str,
    shop: str,
    page: Any,
    arrived: Any,
    options: dict[str, Any],
) -> None:
    page.goto(f"{shop}/cart/sensors.html?utm_source=wechat")
    page.evaluate(
        """([url, options]) => {
            const sensors = window.sensors = window.sensorsDataAnalytic201505;
            sensors.init({server_url: url, show_log: false, is_track_single_page: false, ...options});
            sensors.quick('autoTrack');
            sensors.track('AddToCart', {price: 39.9, name: '苹果'});
        }""",
        [f"{live_server.url}/sa?project=default&token={key}", options],
    )
    arrived({"$pageview", "AddToCart"})
    page.evaluate("sensors.login('u-42')")
    page.evaluate("sensors.setProfile({vip: true})")
    page.evaluate("sensors.incrementProfile({points: 5})")
    page.evaluate("sensors.track('Pay', {})")
    rows = arrived({"$SignUp", "Pay"})
    assert {row["source"] for row in rows} == {"sensors:js"}
    assert {row["platform"] for row in rows} == {"web"}
    view = next(row for row in rows if row["event"] == "$pageview")
    assert (view["page"], view["utm_source"]) == ("/cart/sensors.html", "wechat")
    assert "苹果" in next(row for row in rows if row["event"] == "AddToCart")["props"]
    uids = _uids(product)
    assert len(uids) == 2
    assert "u-42" in uids
    assert eventually(lambda: Profile.objects.filter(product=product, properties__points=5))
    profiles = [row.properties for row in Profile.objects.filter(product=product)]
    (profile,) = [one for one in profiles if "points" in one]
    assert (profile["vip"], profile["points"]) == (True, 5)
    assert not QuarantinedRow.objects.filter(product=product).exists()
    assert page.wrong == []
