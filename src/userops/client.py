"""The Python door: the same questions to a data folder or to a running server.

>>> import userops
>>> shop = userops.open("./userops-data")                       # doctest: +SKIP
>>> shop.query({"kind": "trend", "product": "demo", ...}).pandas()  # doctest: +SKIP
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from userops.errors import NotFound, StoreFailed, UserOpsError
from userops.words import Words

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SERVER_FILE = "server.json"


@dataclass(frozen=True)
class QueryResult:
    """An answer. `json` is what the API answers; `table` the same figures as rows."""

    json: dict[str, Any]
    table: pa.Table

    @property
    def result(self) -> dict[str, Any]:
        figures: dict[str, Any] = self.json["result"]
        return figures

    @property
    def definition(self) -> dict[str, str]:
        words: dict[str, str] = self.json["definition"]
        return words

    def arrow(self) -> pa.Table:
        return self.table

    def pandas(self) -> pd.DataFrame:
        return self.table.to_pandas()


@dataclass(frozen=True)
class SqlResult:
    """An answer to SQL. `more`: there are rows beyond the limit."""

    table: pa.Table
    more: bool

    def arrow(self) -> pa.Table:
        return self.table

    def pandas(self) -> pd.DataFrame:
        return self.table.to_pandas()


class Workspace(Protocol):
    """Something that answers query documents and SQL."""

    def query(self, document: Mapping[str, Any]) -> QueryResult:
        """Answer a document. Raises `DocumentError` and the other `UserOpsError`s."""
        ...

    def explain(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Where a document would be answered from: `source` (rollup, events, both), `reason` in both
        languages, and how many days are read from where."""
        ...

    def sql(
        self, text: str, *, product: str | None = None, limit: int = 1_000, **parameters: Any
    ) -> SqlResult:
        """Ask read-only SQL; `parameters` are the values of its `{name:Type}`.

        `product` may be left out where there is only one. Raises `UserOpsError`s.
        """
        ...

    def tags(self, product: str) -> list[dict[str, Any]]:
        """The tags of a product with their counts. Raises `UserOpsError`s."""
        ...

    def tag(self, product: str, name: str, values: Mapping[str, str]) -> dict[str, Any]:
        """Give users, by their ids, the values of a tag; answers `people` and `refused` rows by reason."""
        ...

    def segments(self, *, product: str | None = None) -> list[dict[str, Any]]:
        """The segments of a product, with their sizes at the last refresh."""
        ...

    def count_segment(
        self, document: Mapping[str, Any], *, product: str | None = None
    ) -> dict[str, Any]:
        """How many users a segment document means: `size`, `everyone`, `share`."""
        ...

    def close(self) -> None: ...


class LocalWorkspace:
    """A data folder, opened by this process alone."""

    def __init__(self, data: Path):
        os.environ["USEROPS_DATA"] = str(data)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "userops.web.settings")
        import django

        django.setup()
        from userops.events import store

        self._store = store.current()

    def query(self, document: Mapping[str, Any]) -> QueryResult:
        from userops.analyses.answering import answer

        answered = answer(document, self._store)
        return QueryResult(answered.as_json(), answered.arrow())

    def explain(self, document: Mapping[str, Any]) -> dict[str, Any]:
        from userops.analyses.answering import explain

        return explain(document, self._store).as_json()

    def sql(
        self, text: str, *, product: str | None = None, limit: int = 1_000, **parameters: Any
    ) -> SqlResult:
        from userops.sql.answers import Question, arrow

        slug = product or self._only_product()
        return SqlResult(*arrow(Question(slug, text, parameters, limit), self._store))

    def tags(self, product: str) -> list[dict[str, Any]]:
        from userops.audience.tags.listing import listing

        return listing(self._store.product(product))

    def tag(self, product: str, name: str, values: Mapping[str, str]) -> dict[str, Any]:
        from userops.audience.tags import actions, importing
        from userops.workspace.setup import local_admin

        row = actions.find(self._store.product(product), name)
        done = importing.import_values(
            self._store, row, values.items(), name="Python", acting_user=local_admin()
        )
        return done.as_json()

    def segments(self, *, product: str | None = None) -> list[dict[str, Any]]:
        from userops.audience.segments.listing import listed

        return listed(self._store.product(product or self._only_product()))

    def count_segment(
        self, document: Mapping[str, Any], *, product: str | None = None
    ) -> dict[str, Any]:
        from userops.audience.segments import actions
        from userops.workspace.setup import local_admin

        found = self._store.product(product or self._only_product())
        counted = actions.count(self._store, found, document, acting_user=local_admin())
        return {"size": counted.size, "everyone": counted.everyone, "share": counted.share}

    def _only_product(self) -> str:
        from userops.events.models import Product

        return _only_one(list(Product.objects.values_list("slug", flat=True)))

    def close(self) -> None:
        from userops.events import store

        store.close_current()


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

    def query(self, document: Mapping[str, Any]) -> QueryResult:
        import pyarrow as pa

        body = json.dumps(document).encode()
        answered = json.loads(self.call("POST", "/api/query", body))
        arrow = self.call("POST", "/api/query?format=arrow", body)
        return QueryResult(answered, pa.ipc.open_stream(arrow).read_all())

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
        found: list[dict[str, Any]] = []
        while True:
            path = f"/api/products/{product}/tags?limit=100&offset={len(found)}"
            page = json.loads(self.call("GET", path))
            found += page["items"]
            if len(found) >= page["total"] or not page["items"]:
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
        found: list[dict[str, Any]] = []
        while True:
            page = f"/api/products/{slug}/segments?limit=1000&offset={len(found)}"
            answered = json.loads(self.call("GET", page))
            found += answered["items"]
            if not answered["items"] or len(found) >= answered["total"]:
                return found

    def count_segment(
        self, document: Mapping[str, Any], *, product: str | None = None
    ) -> dict[str, Any]:
        slug = product or self._only_product()
        body = json.dumps({"where": document.get("where", {"and": []})}).encode()
        found: dict[str, Any] = json.loads(
            self.call("POST", f"/api/products/{slug}/segments/count", body)
        )
        return found

    def _only_product(self) -> str:
        return _only_one([each["slug"] for each in json.loads(self.call("GET", "/api/products"))])

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


def _only_one(slugs: list[str]) -> str:
    """The one product there is. Raises `NotFound` when that is not clear."""
    if len(slugs) == 1:
        return slugs[0]
    known = ", ".join(sorted(slugs)) or "—"
    raise NotFound(
        Words(f"请指明产品。已有产品：{known}。", f"Name the product. Products: {known}."),
        code="product_not_named",
    )


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


def open_workspace(path_or_url: str, *, token: str | None = None) -> Workspace:
    """See `userops.open`. A folder that a server owns is asked through that server."""
    if path_or_url.startswith(("http://", "https://")):
        return RemoteWorkspace(path_or_url, token)
    data = Path(path_or_url).expanduser().absolute()
    server = running_server(data)
    if server is not None:
        return server
    if not (data / "secret.key").exists() and not os.environ.get("DATABASE_URL"):
        raise NotFound(
            Words(f"{data} 不是 UserOps 数据目录。", f"{data} is not a UserOps data folder."),
            code="folder_not_found",
            hint=Words(
                "先运行 userops init 或 userops demo。", "Run userops init or userops demo first."
            ),
        )
    return LocalWorkspace(data)


def running_server(data: Path) -> RemoteWorkspace | None:
    """The server that owns a data folder; None when there is none alive."""
    try:
        facts = json.loads((data / SERVER_FILE).read_text())
        os.kill(facts["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return RemoteWorkspace(facts["url"], facts["token"], local=True)
