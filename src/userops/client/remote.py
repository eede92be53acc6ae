"""A running server, reached with an API token."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from userops.client.desk import RemoteDesk
from userops.client.workspace import QueryResult, SqlResult, only_one
from userops.errors import NotFound, StoreFailed, UserOpsError
from userops.words import Words

LOOK_AGAIN = 0.5
"""Seconds between two looks whether a report is built."""


@dataclass(frozen=True)
class Sent:
    """What a server answered."""

    body: bytes
    headers: Mapping[str, str]


class RemoteWorkspace:
    """A running server, reached with an API token."""

    def __init__(self, url: str, token: str | None, *, local: bool = False):
        self.url = url.rstrip("/")
        self._token = token
        self._local = local
        self.desk = RemoteDesk(self, self._only_product)

    def query(self, document: Mapping[str, Any]) -> QueryResult:
        import pyarrow as pa

        arrow = self.call("POST", "/api/query?format=arrow", json.dumps(document).encode())
        table = pa.ipc.open_stream(arrow).read_all()
        # both of one answer: events may come in between two requests
        answered = json.loads((table.schema.metadata or {})[b"userops.answer"])
        return QueryResult(answered, table.replace_schema_metadata(None))

    def people(
        self,
        document: Mapping[str, Any],
        selection: Mapping[str, Any],
        *,
        limit: int = 100,
        offset: int = 0,
    ) -> dict[str, Any]:
        asked = {"document": document, "selection": selection, "limit": limit, "offset": offset}
        body = json.dumps(asked, default=str).encode()
        found: dict[str, Any] = json.loads(self.call("POST", "/api/query/people", body))
        return found

    def explain(self, document: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(document).encode()
        plan: dict[str, Any] = json.loads(self.call("POST", "/api/query/explain", body))
        return plan

    def sql(
        self, text: str, *, product: str | None = None, limit: int = 1_000, **parameters: Any
    ) -> SqlResult:
        import pyarrow as pa

        slug = product or self._only_product()
        asked = {"text": text, "parameters": parameters, "limit": limit}
        body = json.dumps(asked, default=str).encode()
        answered = self.send("POST", f"/api/products/{slug}/sql?format=arrow", body)
        table = pa.ipc.open_stream(answered.body).read_all()
        return SqlResult(table, answered.headers.get("X-UserOps-More") == "1")

    def tags(self, product: str) -> list[dict[str, Any]]:
        return self._all(f"/api/products/{product}/tags", 100)

    def feedback_channels(self, product: str) -> list[dict[str, Any]]:
        path = f"/api/products/{product}/feedback-channels"
        found: list[dict[str, Any]] = json.loads(self.call("GET", path))
        return found

    def tag(self, product: str, name: str, values: Mapping[str, str]) -> dict[str, Any]:
        key = next((each["id"] for each in self.tags(product) if each["name"] == name), None)
        if key is None:
            raise NotFound(
                Words(f"没有标签 {name!r}。", f"There is no tag {name!r}."), code="tag_not_found"
            )
        body = json.dumps({"values": dict(values)}).encode()
        done: dict[str, Any] = json.loads(
            self.call("POST", f"/api/products/{product}/tags/{key}/users", body)
        )
        return done

    def segments(self, *, product: str | None = None) -> list[dict[str, Any]]:
        slug = product or self._only_product()
        return self._all(f"/api/products/{slug}/segments")

    def count_segment(
        self,
        document: Mapping[str, Any],
        *,
        quick: bool = False,
        day: date | None = None,
        product: str | None = None,
    ) -> dict[str, Any]:
        slug = product or self._only_product()
        where = document.get("where", {"and": []})
        asked = {"where": where, "quick": quick, "day": day and str(day)}
        body = json.dumps(asked).encode()
        found: dict[str, Any] = json.loads(
            self.call("POST", f"/api/products/{slug}/segments/count", body)
        )
        return found

    def pain_points(self, *, product: str | None = None) -> list[dict[str, Any]]:
        path = f"/api/products/{product or self._only_product()}/pain-points"
        found: dict[str, Any] = json.loads(self.call("GET", path))
        items: list[dict[str, Any]] = found["items"]
        return items

    def reports(self, *, product: str | None = None) -> list[dict[str, Any]]:
        return self._all(f"/api/products/{product or self._only_product()}/reports")

    def report(
        self, number: int, *, product: str | None = None, version: int | None = None
    ) -> dict[str, Any]:
        slug = product or self._only_product()
        asked = f"?version={version}" if version else ""
        found: dict[str, Any] = json.loads(
            self.call("GET", f"/api/products/{slug}/reports/{number}{asked}")
        )
        return found

    def report_file(
        self,
        number: int,
        format: str = "docx",  # noqa: A002
        *,
        language: str = "zh",
        product: str | None = None,
        version: int | None = None,
    ) -> bytes:
        slug = product or self._only_product()
        asked = {"format": format, "language": language} | ({"version": version} if version else {})
        where = f"/api/products/{slug}/reports/{number}/file?{urllib.parse.urlencode(asked)}"
        return self.call("GET", where)

    def build_report(
        self,
        kind: str,
        period: str,
        *,
        product: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        slug = product or self._only_product()
        asked = {"kind": kind, "period": period, "settings": dict(settings or {})}
        line = json.loads(
            self.call("POST", f"/api/products/{slug}/reports", json.dumps(asked).encode())
        )
        while line["status"] == "building":
            time.sleep(LOOK_AGAIN)
            line = self.report(line["id"], product=slug)
        if line["status"] == "stopped":
            raise StoreFailed(Words(**line["progress"]["problem"]), code="report_stopped")
        return next(each for each in self.reports(product=slug) if each["id"] == line["id"])

    def understanding(self, *, product: str | None = None) -> dict[str, Any]:
        return self._desk("GET", "understanding", product)

    def reading(self, ticket: int, *, product: str | None = None) -> dict[str, Any]:
        return self._desk("GET", f"tickets/{ticket}/reading", product)

    def correct(self, ticket: int, *, product: str | None = None, **right: Any) -> dict[str, Any]:
        return self._desk("PATCH", f"tickets/{ticket}/reading", product, right)

    def topics(self, *, product: str | None = None) -> dict[str, Any]:
        return self._desk("GET", "topics", product)

    def topic(self, key: int, *, product: str | None = None, limit: int = 100) -> dict[str, Any]:
        return self._desk("GET", f"topics/{key}?limit={limit}", product)

    def _desk(
        self, method: str, path: str, product: str | None, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        where = f"/api/products/{product or self._only_product()}/{path}"
        sent = json.dumps(body).encode() if body is not None else None
        found: dict[str, Any] = json.loads(self.call(method, where, sent))
        return found

    def _all(self, path: str, page: int = 1_000) -> list[dict[str, Any]]:
        """All items of a list that is answered by pages."""
        found: list[dict[str, Any]] = []
        while True:
            answered = json.loads(self.call("GET", f"{path}?limit={page}&offset={len(found)}"))
            found += answered["items"]
            if not answered["items"] or len(found) >= answered["total"]:
                return found

    def _only_product(self) -> str:
        return only_one([each["slug"] for each in json.loads(self.call("GET", "/api/products"))])

    def errand(self, errand: str, **arguments: Any) -> Any:
        """Have the server do something of `maintenance.errands`; only on its own machine."""
        body = json.dumps(arguments).encode()
        return json.loads(self.call("POST", f"/api/local/{errand}", body))["answer"]

    def call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """One request to the API; errors come back as `UserOpsError`."""
        return self.send(method, path, body).body

    def send(self, method: str, path: str, body: bytes | None = None) -> Sent:
        """One request to the API, with the headers of its answer."""
        request = urllib.request.Request(  # noqa: S310 - the address is the caller's own
            self.url + path, data=body, method=method, headers={"Content-Type": "application/json"}
        )
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        if self._local:
            # within the machine nothing is read on the way: a server in production mode need not
            # send us to its HTTPS proxy
            request.add_header("X-Forwarded-Proto", "https")
        try:
            with urllib.request.urlopen(request, timeout=600) as response:  # noqa: S310
                return Sent(response.read(), dict(response.headers.items()))
        except urllib.error.HTTPError as wrong:
            with wrong:
                raise _as_ours(wrong.code, wrong.read()) from None
        except urllib.error.URLError as wrong:
            raise StoreFailed(
                Words(
                    f"无法连接 {self.url}：{wrong.reason}",
                    f"Cannot reach {self.url}: {wrong.reason}",
                ),
                code="server_unreachable",
            ) from None

    def close(self) -> None:
        pass


def _as_ours(status: int, body: bytes) -> UserOpsError:
    try:
        return error_of(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        text = f"HTTP {status}"
        return StoreFailed(Words(text, text), code="server_error")


def error_of(error: Mapping[str, Any]) -> UserOpsError:
    """An error that a server told. Raises `KeyError` when it is no error of ours."""
    words = Words(error["message_zh"], error["message_en"])
    hint = Words(error["hint_zh"], error["hint_en"]) if error.get("hint_en") else None
    return UserOpsError(words, code=error["code"], hint=hint, **(error.get("data") or {}))
