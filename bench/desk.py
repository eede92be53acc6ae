"""Fifty agents at once on 200,000 tickets: `uv run python bench/desk.py`.

Fills a temporary workspace with tickets (seeded; one in ten not solved yet), starts the server, and lets
each agent do what agents do, with pauses to think: look at the inbox, filter, search in Chinese and
English, turn pages, open tickets, look who speaks, write a note; the live inbox asks for news meanwhile.
Prints what a page of each kind costs the server in processor time, asked one after the other (a figure that
a busy machine changes little), and then, for each kind, how many were asked and their median, p95 and
longest time.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from bench.serving import Running

SEED = 20_261_126
CHUNK = 2_000
COSTED = 20
"""Pages of a kind whose cost is measured."""
NEWS_EVERY = 8.0
"""As the inbox does."""
WHAT = (
    "退款申请一直没有到账", "支付时扣了两次钱", "打开就闪退", "登录收不到验证码", "快递显示签收但没有收到",
    "优惠券无法使用", "建议增加夜间模式", "发票抬头填错了", "客服电话一直占线", "会员到期没有提醒",
    "the refund never arrived", "the app crashes at start", "login code is not sent",
)  # fmt: skip
DETAIL = (
    "请尽快处理", "已经等了五天", "订单号", "华为 Mate 60", "苹果 15", "更新到 3.2.0 之后", "昨天晚上", "第三次反馈了",
    "please help", "order", "截图见附件", "客服说已经转给技术", "非常失望", "谢谢",
)  # fmt: skip
ASKED = ("退款", "闪退 华为", "验证码", "refund", "3.2.0", "发票抬头", "客服 电话", "crash start")


SLUG = "desk"


def fill(tickets: int, agents: int) -> None:
    """A product with tickets, and the agents who handle them."""
    from userops.events.models import Product
    from userops.feedback.sorting.models import Category, Team
    from userops.feedback.tickets.models import Numbering
    from userops.workspace.models import Membership, User

    product = Product.objects.create(slug=SLUG, name="Desk")
    team = Team.objects.create(product=product, name="客服组")
    names = ("支付", "账号", "物流", "闪退", "建议")
    categories = [Category.objects.create(product=product, name=n, path=n) for n in names]
    users = [User.objects.create(email=f"a{n}@example.com", password="!") for n in range(agents)]
    Membership.objects.bulk_create(
        Membership(user=each, product=product, role="operator") for each in users
    )
    team.members.set(users)
    dice = random.Random(SEED)
    keys = ([each.pk for each in users], [each.pk for each in categories], team.pk)
    for first in range(0, tickets, CHUNK):
        _write(product, range(first, min(first + CHUNK, tickets)), dice, keys)
    Numbering.objects.create(product=product, last=tickets)


def sessions(agents: int) -> list[str]:
    """Each agent is logged in."""
    from userops.workspace.models import User

    users = User.objects.filter(memberships__product__slug=SLUG).order_by("pk")
    return [_session(each) for each in users[:agents]]


def _write(
    product: object, numbers: range, dice: random.Random, keys: tuple[list[int], list[int], int]
) -> None:
    from django.db import transaction

    from userops.feedback.tickets.models import Message, Ticket, TicketEvent, TicketText
    from userops.feedback.tickets.searching import tokens

    owners, categories, team = keys
    now = datetime.now(UTC)
    rows = []
    for number in numbers:
        text = "，".join([dice.choice(WHAT), *dice.sample(DETAIL, 4), str(dice.randrange(10**6))])
        done = dice.random() < 0.9
        opened = now - timedelta(minutes=dice.randrange(500_000 if done else 40_000))
        updated = opened + timedelta(minutes=dice.randrange(600))
        rows.append(
            Ticket(
                product=product, number=number + 1, subject=text[:40], text=text, opened=opened,
                heard=opened, updated=min(updated, now), channel=dice.choice(("form", "mail", "widget")),
                status=dice.choice(("solved", "closed")) if done else dice.choice(("new", "open", "waiting")),
                owner_id=dice.choice(owners) if done or dice.random() < 0.6 else None,
                team_id=team, category_id=dice.choice(categories),
                severity=dice.choice(("urgent", "high", "normal", "normal", "low")),
                distinct_id=f"user-{dice.randrange(40_000)}", name="王小明",
                due=None if done else now + timedelta(hours=dice.randrange(-20, 60)),
            )
        )  # fmt: skip
    with transaction.atomic():
        made = Ticket.objects.bulk_create(rows)
        said = Message.objects.bulk_create(
            Message(
                ticket=each, at=each.opened, direction="in", channel=each.channel, text=each.text
            )
            for each in made
        )
        TicketEvent.objects.bulk_create(
            TicketEvent(ticket=each.ticket, at=each.at, kind="opened", message=each)
            for each in said
        )
        TicketText.objects.bulk_create(
            TicketText(ticket=each, tokens=" ".join(tokens(f"{each.number}\n{each.text}")))
            for each in made
        )


def _session(user: object) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()  # type: ignore[attr-defined]
    session.create()
    return str(session.session_key)


class Agent(threading.Thread):
    """One agent: asks, reads, thinks."""

    def __init__(self, host: str, slug: str, session: str, options: argparse.Namespace, seed: int):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection(host, timeout=120)
        self.base = f"/p/{slug}/feedback/inbox"
        self.cookies = f"sessionid={session}"
        self.options, self.dice = options, random.Random(seed)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.wrong: list[str] = []
        self.since, self.heard = "0", time.monotonic()

    def run(self) -> None:
        time.sleep(self.dice.random() * self.options.think)
        until = time.monotonic() + self.options.seconds
        while time.monotonic() < until:
            self.dice.choices(*zip(*self._does(), strict=True))[0]()
            time.sleep(self.dice.expovariate(1 / self.options.think))
            if time.monotonic() - self.heard > NEWS_EVERY:
                self.heard = time.monotonic()
                self._news()

    def _does(self) -> Iterator[tuple[Callable[[], object], int]]:
        yield self._inbox, 25
        yield (lambda: self._ask("filter", f"{self.base}?{urlencode(self._filter())}")), 15
        yield (
            (
                lambda: self._ask(
                    "search",
                    f"{self.base}?q={quote(self.dice.choice(ASKED))}&status={self.dice.choice(['active', 'all'])}",
                )
            ),
            15,
        )
        yield self._deep, 5
        yield self._ticket, 35
        yield self._note, 5
        yield self._answer, 5

    def _filter(self) -> dict[str, str]:
        return self.dice.choice(
            [
                {"owner": "me"}, {"owner": "none"}, {"severity": "urgent"}, {"late": "yes", "order": "due"},
                {"team": "me"}, {"channel": "mail", "order": "opened"}, {"status": "solved", "owner": "me"},
            ]
        )  # fmt: skip

    def _inbox(self) -> None:
        text = self._ask("inbox", self.base)
        self.since = text.partition('data-since="')[2].partition('"')[0]

    def _news(self) -> None:
        text = self._ask("news", f"{self.base}/news?since={self.since}")
        if text:
            told = json.loads(text)
            if told.get("anew"):
                self._ask("list anew", self.base, fragment=True)
            self.since = str(told.get("since", self.since))

    def _deep(self) -> None:
        days = self.dice.randrange(1, 300)
        at = datetime.now(UTC) - timedelta(days=days)
        self._ask("far page", f"{self.base}?status=all&after={at:%Y%m%dT%H%M%S.%f}_1")

    def _ticket(self) -> None:
        number = self.dice.randrange(1, self.options.tickets + 1)
        self._ask("ticket", f"{self.base}/{number}")
        self._ask("who speaks", f"{self.base}/{number}/speaker", fragment=True)

    def _note(self) -> None:
        self._write("write a note", "note", {"text": "已核实，等待退款渠道回复"})

    def _answer(self) -> None:
        self._write("answer", "answer", {"text": "已为您重新提交退款", "status": "waiting"})

    def _write(self, kind: str, verb: str, fields: dict[str, str]) -> None:
        number = self.dice.randrange(1, self.options.tickets + 1)
        page = self._ask("ticket", f"{self.base}/{number}")
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        body = urlencode({"csrfmiddlewaretoken": token, **fields})
        self._ask(kind, f"{self.base}/{number}/{verb}", body=body)

    def _ask(self, kind: str, path: str, *, fragment: bool = False, body: str = "") -> str:
        headers = {"Cookie": self.cookies, **({"HX-Request": "true"} if fragment else {})}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        begun = time.perf_counter()
        self.connection.request("POST" if body else "GET", path, body or None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.times[kind].append(time.perf_counter() - begun)
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = header.partition(";")[0].partition("=")
            if name == "csrftoken" and "csrftoken" not in self.cookies:
                self.cookies += f"; csrftoken={value}"
        if answer.status not in (200, 204, 302):
            self.wrong.append(f"{answer.status} {path}")
        return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=200_000)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=5, help="Mean pause between pages.")
    parser.add_argument(
        "--keep", type=Path, help="A folder to fill, or one that is filled already."
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="userops-desk-") as folder:
        data = options.keep or Path(folder) / "data"
        os.environ["USEROPS_DATA"] = str(data)
        os.environ["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
        _measure(options, data)


def _measure(options: argparse.Namespace, data: Path) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from bench.serving import run, serving

    fresh = not data.exists()
    if fresh:
        run("init", "--data", data, "--email", "admin@example.com", "--product", "first", "--yes")
    import django

    django.setup()
    if fresh:
        begun = time.monotonic()
        fill(options.tickets, options.agents)
        print(
            f"{options.tickets:,} tickets written in {time.monotonic() - begun:.0f} s", flush=True
        )
    with serving(data) as server:
        _costs(server, options)
        agents = [
            Agent(server.host, SLUG, session, options, SEED + n)
            for n, session in enumerate(sessions(options.agents))
        ]
        for each in agents:
            each.start()
        for each in agents:
            each.join()
    _print(agents, options)


def _costs(server: Running, options: argparse.Namespace) -> None:
    """Processor time of the server for a page of each kind."""
    agent = Agent(server.host, SLUG, sessions(1)[0], options, SEED)
    agent._inbox()
    seen = int(agent.since)
    pages = {
        "inbox": "",
        "its list alone": "",
        "filter": "?owner=none",
        "search": "?status=all&q=" + quote(ASKED[0]),
        "far page": "?status=all&after=20260101T000000.000000_1",
        "nothing new": f"/news?since={seen}",
        "three changes": f"/news?since={seen - 3}",
        "ticket": f"/{options.tickets // 2}",
        "who speaks": f"/{options.tickets // 2}/speaker",
    }
    for kind, rest in pages.items():
        fragment = kind in ("its list alone", "who speaks")
        agent._ask(kind, agent.base + rest, fragment=fragment)
        before = _processor(server.process.pid)
        for _ in range(COSTED):
            agent._ask(kind, agent.base + rest, fragment=fragment)
        spent = (_processor(server.process.pid) - before) / COSTED
        print(f"{kind:<16}{spent * 1000:>8.1f} ms of processor time", flush=True)


def _processor(process: int) -> float:
    """Seconds that a process has worked."""
    rest = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(rest[11]) + int(rest[12])) / os.sysconf("SC_CLK_TCK")


def _print(agents: list[Agent], options: argparse.Namespace) -> None:
    times: dict[str, list[float]] = defaultdict(list)
    for each in agents:
        for kind, found in each.times.items():
            times[kind] += found
    every = [one for found in times.values() for one in found]
    load = os.getloadavg()[0]
    print(f"{options.agents} agents, a page every {options.think:g} s each, load {load:.1f}")
    print(f"{'page':<16}{'asked':>8}{'median ms':>12}{'p95 ms':>10}{'longest':>10}")
    for kind, found in [*sorted(times.items()), ("all", every)]:
        p95 = statistics.quantiles(found, n=20)[18] if len(found) > 1 else found[0]
        print(
            f"{kind:<16}{len(found):>8}{statistics.median(found) * 1000:>12.0f}"
            f"{p95 * 1000:>10.0f}{max(found) * 1000:>10.0f}"
        )
    wrong = [one for each in agents for one in each.wrong]
    print(f"wrong answers: {len(wrong)} {wrong[:3]}")


if __name__ == "__main__":
    main()
