"""The feedback desk by the Python door: deadlines, automation rules and requirements, in a folder or by a server."""

from __future__ import annotations

import json
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from userops.errors import NotFound
from userops.words import Words

if TYPE_CHECKING:
    from userops.client.local import LocalWorkspace
    from userops.client.remote import RemoteWorkspace

LOOK_AGAIN = 0.5
"""Seconds between two looks whether a dry run has ended."""


class Desk(Protocol):
    """`product` may be left out where there is only one. All of it raises `UserOpsError`s."""

    def rules(self, *, product: str | None = None) -> list[dict[str, Any]]:
        """Automation rules in their order, each with its document and its sentence."""
        ...

    def try_rule(
        self, name: str, first: str, until: str, *, product: str | None = None
    ) -> dict[str, Any]:
        """What a rule would have done in these days: `fired`, `tickets`, `found`; changes nothing."""
        ...

    def rule_log(self, *, product: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """What fired, the newest first: why, and what came of it."""
        ...

    def deadlines(self, ticket: int, *, product: str | None = None) -> list[dict[str, Any]]:
        """The clocks of a ticket, each with its ledger day by day."""
        ...

    def on_time(
        self, first: str, last: str, kind: str = "resolution", *, product: str | None = None
    ) -> dict[str, Any]:
        """How much of what was due in these days was in time: `k`, `n`, `share`, `interval`."""
        ...

    def requirements(self, *, product: str | None = None) -> list[dict[str, Any]]:
        """What users ask for, most asked for first: users, what they paid, who was told."""
        ...

    def requirement(self, number: int, *, product: str | None = None) -> dict[str, Any]:
        """One, with who would be told by which way and its history."""
        ...

    def link_requirement(
        self, number: int, tickets: Sequence[int], *, product: str | None = None
    ) -> dict[str, Any]:
        """These tickets ask for it."""
        ...

    def move_requirement(
        self, number: int, status: str, version: str | None = None, *, product: str | None = None
    ) -> dict[str, Any]:
        """`planned`, `in_progress`, `shipped` (in `version`) or `declined`. Nobody is told by this."""
        ...

    def tell_requirement(
        self, number: int, ticket: int | None = None, *, product: str | None = None
    ) -> dict[str, Any]:
        """Tell who asked and does not know yet that it has shipped, each user once; or the user of a ticket."""
        ...


class LocalDesk:
    """Of a data folder."""

    def __init__(self, workspace: LocalWorkspace, slug: Callable[[], str]):
        self._workspace, self._slug = workspace, slug

    def rules(self, *, product: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("rules", product)
        return found

    def try_rule(
        self, name: str, first: str, until: str, *, product: str | None = None
    ) -> dict[str, Any]:
        given = {"name": name, "first": first, "until": until}
        found: dict[str, Any] = self._ask("rule-dry-run", product, **given)
        return found

    def rule_log(self, *, product: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("rule-log", product, limit=limit)
        return found

    def deadlines(self, ticket: int, *, product: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("ticket-deadlines", product, ticket=ticket)
        return found

    def on_time(
        self, first: str, last: str, kind: str = "resolution", *, product: str | None = None
    ) -> dict[str, Any]:
        given = {"first": first, "last": last, "kind": kind}
        found: dict[str, Any] = self._ask("on-time", product, **given)
        return found

    def requirements(self, *, product: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("requirements", product)
        return found

    def requirement(self, number: int, *, product: str | None = None) -> dict[str, Any]:
        return self._one("requirement", product, number=number)

    def link_requirement(
        self, number: int, tickets: Sequence[int], *, product: str | None = None
    ) -> dict[str, Any]:
        return self._one("requirement-link", product, number=number, tickets=list(tickets))

    def move_requirement(
        self, number: int, status: str, version: str | None = None, *, product: str | None = None
    ) -> dict[str, Any]:
        given = {"number": number, "status": status, "version": version}
        return self._one("requirement-move", product, **given)

    def tell_requirement(
        self, number: int, ticket: int | None = None, *, product: str | None = None
    ) -> dict[str, Any]:
        return self._one("requirement-tell", product, number=number, ticket=ticket)

    def _one(self, errand: str, product: str | None, **given: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._ask(errand, product, **given)
        return found

    def _ask(self, errand: str, product: str | None, **given: Any) -> Any:
        from userops.maintenance.errands import ERRANDS

        return ERRANDS[errand](self._workspace.store, product=product or self._slug(), **given)


class RemoteDesk:
    """Of a running server, by its API."""

    def __init__(self, workspace: RemoteWorkspace, slug: Callable[[], str]):
        self._workspace, self._slug = workspace, slug

    def rules(self, *, product: str | None = None) -> list[dict[str, Any]]:
        return self._items("/ticket-rules?limit=1000", product)

    def try_rule(
        self, name: str, first: str, until: str, *, product: str | None = None
    ) -> dict[str, Any]:
        known = self.rules(product=product)
        key = next((each["id"] for each in known if name in (each["name"], str(each["id"]))), None)
        if key is None:
            raise NotFound(
                Words(f"没有规则 {name!r}。", f"There is no rule {name!r}."), code="rule_not_found"
            )
        days = {"first": first, "until": until}
        run: dict[str, Any] = self._ask("POST", f"/ticket-rules/{key}/dry-runs", product, days)
        while run["state"] in ("waiting", "running"):
            time.sleep(LOOK_AGAIN)
            run = self._ask("GET", f"/ticket-rules/{key}/dry-runs/{run['id']}", product)
        return run

    def rule_log(self, *, product: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
        return self._items(f"/ticket-rule-log?limit={limit}", product)

    def deadlines(self, ticket: int, *, product: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("GET", f"/tickets/{ticket}/deadlines", product)
        return found

    def on_time(
        self, first: str, last: str, kind: str = "resolution", *, product: str | None = None
    ) -> dict[str, Any]:
        asked = urllib.parse.urlencode({"first": first, "last": last, "kind": kind})
        found: dict[str, Any] = self._ask("GET", f"/on-time?{asked}", product)
        return found

    def requirements(self, *, product: str | None = None) -> list[dict[str, Any]]:
        return self._items("/requirements", product)

    def requirement(self, number: int, *, product: str | None = None) -> dict[str, Any]:
        return self._requirement("GET", number, "", product)

    def link_requirement(
        self, number: int, tickets: Sequence[int], *, product: str | None = None
    ) -> dict[str, Any]:
        return self._requirement("POST", number, "/links", product, {"tickets": list(tickets)})

    def move_requirement(
        self, number: int, status: str, version: str | None = None, *, product: str | None = None
    ) -> dict[str, Any]:
        body = {"status": status, "version": version}
        return self._requirement("PATCH", number, "", product, body)

    def tell_requirement(
        self, number: int, ticket: int | None = None, *, product: str | None = None
    ) -> dict[str, Any]:
        """Answers when all of them have been taken down; the messages leave after that."""
        found = self._requirement(
            "POST", number, "/announcements", product, {"texts": {}, "ticket": ticket}
        )
        while found["going_on"]:
            time.sleep(LOOK_AGAIN)
            found = self.requirement(number, product=product)
        return found

    def _requirement(
        self,
        method: str,
        number: int,
        rest: str,
        product: str | None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        path = f"/requirements/{number}{rest}"
        found: dict[str, Any] = self._ask(method, path, product, body)
        return found

    def _items(self, path: str, product: str | None) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._ask("GET", path, product)["items"]
        return items

    def _ask(
        self, method: str, path: str, product: str | None, body: Mapping[str, Any] | None = None
    ) -> Any:
        sent = json.dumps(body).encode() if body is not None else None
        where = f"/api/products/{product or self._slug()}{path}"
        return json.loads(self._workspace.call(method, where, sent))
