"""The feedback desk by the Python door: deadlines and automation rules, in a folder or by a server."""

from __future__ import annotations

import json
import time
import urllib.parse
from collections.abc import Callable, Mapping
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

    def _items(self, path: str, product: str | None) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._ask("GET", path, product)["items"]
        return items

    def _ask(
        self, method: str, path: str, product: str | None, body: Mapping[str, Any] | None = None
    ) -> Any:
        sent = json.dumps(body).encode() if body is not None else None
        where = f"/api/products/{product or self._slug()}{path}"
        return json.loads(self._workspace.call(method, where, sent))
