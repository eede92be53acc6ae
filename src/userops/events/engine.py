"""The analytical engine: a small pool of ClickHouse clients, embedded or remote, behind one face.

Each client serialises its own calls, so concurrent questions each borrow one. Every statement takes
its values as server-side parameters.
"""

from __future__ import annotations

import logging
import queue
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.exceptions import ClickHouseError
from clickhouse_connect.driver.query import to_arrow

from userops.errors import Refused, StoreFailed, UserOpsError
from userops.words import Words

log = logging.getLogger("userops.engine")

POOL_SIZE = 6
EMBEDDED = {"background_pool_size": 8}
"""With the two places that the embedded engine has by itself, deleting from three months waits a second for one to
become free; with eight it takes 30 ms."""
MOST_STOPPED = 1_000
"""Questions stopped of late whose further statements are refused."""


class QueryCancelled(UserOpsError):  # noqa: N818
    code = "query_cancelled"
    status = 499


class QueryTooLarge(UserOpsError):  # noqa: N818
    """The question ran into the time or memory limit of the settings."""

    code = "query_too_large"
    status = 422


_CANCELLED = 394
_TIMEOUT = 159
_MEMORY = 241
_PATTERN = 427


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may use."""

    seconds: int = 120
    memory_mb: int = 4096
    result_rows: int = 10_000_000
    """Rows of one answer to SQL."""
    result_mb: int = 256

    def settings(self) -> dict[str, Any]:
        return {"max_execution_time": self.seconds, "max_memory_usage": self.memory_mb * 2**20}


class Engine:
    """All talk with ClickHouse. Thread-safe."""

    def __init__(self, dsn: str, *, limits: Limits | None = None, pool_size: int = POOL_SIZE):
        self.dsn = dsn
        self.embedded = dsn.startswith("chdb:")
        self.limits = limits or Limits()
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        self._unopened = pool_size
        self._all: list[Any] = []
        self._stopped: OrderedDict[str, None] = OrderedDict()
        self._give_back(self._connect())
        self.database = str(self.value("select currentDatabase()"))

    @property
    def folder(self) -> str:
        """Where the embedded engine keeps its data, as it was opened."""
        # two slashes at the start are one place for the system and another for the engine
        return str(Path("/" + str(self._all[0].path).lstrip("/")).resolve())

    def _connect(self) -> Any:
        self._unopened -= 1
        try:
            # a client of a server may be used by any thread only without a session
            options = (
                {"chdb_options": EMBEDDED} if self.embedded else {"autogenerate_session_id": False}
            )
            client = clickhouse_connect.get_client(dsn=self.dsn, **options)
        except ClickHouseError as wrong:
            log.error("cannot reach the event engine: %s", wrong)
            raise StoreFailed(
                Words("无法连接事件引擎。", "Cannot reach the event engine."),
                code="engine_unreachable",
                hint=Words("检查 CLICKHOUSE_URL。", "Check CLICKHOUSE_URL."),
            ) from wrong
        self._all.append(client)
        return client

    def _give_back(self, client: Any) -> None:
        self._idle.put(client)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            client = self._connect() if self._unopened > 0 else self._idle.get()
        try:
            yield client
        except BaseException:
            self._rinse(client)
            raise
        finally:
            self._give_back(client)

    def _rinse(self, client: Any) -> None:
        """What a failed statement had written would stand before the next answer of the embedded client."""
        if not self.embedded:
            return
        try:
            client.command("select 1")
        except ClickHouseError as wrong:
            log.warning("a client of the event engine answers no more: %s", wrong)

    def arrow(
        self,
        sql: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        query_id: str | None = None,
        text: bool = True,
        before: int | None = None,
        threads: int = 0,
    ) -> pa.Table:
        """Answer a question as an Arrow table. `query_id` lets `cancel` stop it; without `text`, texts
        are bytes. `before`: as if no event from this moment on had come in, in UTC milliseconds.
        `threads`: 0 for as many as there are processors."""
        settings = self.limits.settings() | {
            "output_format_arrow_string_as_string": int(text),
            # the answer stays in this process, or in the house
            "output_format_arrow_compression_method": "none",
        }
        if threads:
            settings["max_threads"] = threads
        if query_id:
            if query_id in self._stopped:
                raise _cancelled()
            settings["log_comment"] = query_id
        # within the statement: the embedded client would set and reset each one by a statement of its own
        statement = f"{sql.rstrip()}\n{_settings_sql(settings)}{_before_sql(before)}"
        with self._client() as client, _mapped():
            return to_arrow(
                client.raw_query(statement, parameters=dict(parameters or {}), fmt="Arrow")
            )

    def rows(
        self, sql: str, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[Sequence[Any]]:
        """Answer a small question as rows."""
        with self._client() as client, _mapped():
            result: Sequence[Sequence[Any]] = client.query(
                sql, parameters=dict(parameters or {})
            ).result_rows
            return result

    def value(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The single value of a one-row, one-column answer."""
        return self.rows(sql, parameters)[0][0]

    def command(
        self,
        sql: str,
        parameters: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Run a statement that answers nothing."""
        with self._client() as client, _mapped():
            client.command(sql, parameters=dict(parameters or {}), settings=dict(settings or {}))

    def insert(self, table: str, rows: pa.Table) -> None:
        """Append rows to a table; returns when they are durable."""
        # a batch may span any number of months
        settings = {"max_partitions_per_insert_block": 0}
        with self._client() as client, _mapped():
            client.insert_arrow(table, rows, settings=settings)

    def cancel(self, query_id: str) -> None:
        """Stop a running question; does nothing when it has ended."""
        # a question may be between two of its statements
        self._stopped[query_id] = None
        while len(self._stopped) > MOST_STOPPED:
            self._stopped.popitem(last=False)
        # the embedded engine numbers its questions itself; the comment is what we can choose
        self.command(
            "kill query where Settings['log_comment'] = {query_id:String} async",
            {"query_id": query_id},
        )

    def close(self) -> None:
        for client in self._all:
            client.close()
        self._all.clear()


def _settings_sql(settings: Mapping[str, Any]) -> str:
    """A `settings` clause. Raises `ValueError` for a text that would have to be quoted."""
    parts = []
    for name, value in settings.items():
        if isinstance(value, str) and not _PLAIN.fullmatch(value):
            raise ValueError(value)
        parts.append(f"{name} = '{value}'" if isinstance(value, str) else f"{name} = {value}")
    return f"settings {', '.join(parts)}"


def _before_sql(before: int | None) -> str:
    if before is None:
        return ""
    seen = f"ts < fromUnixTimestamp64Milli({int(before)})"
    return f", additional_table_filters = {{'events': '{seen}'}}"


_PLAIN = re.compile(r"[A-Za-z0-9_-]*")


def _cancelled() -> QueryCancelled:
    return QueryCancelled(Words("查询已取消。", "The query was cancelled."))


def new_query_id() -> str:
    return uuid4().hex


@contextmanager
def _mapped() -> Iterator[None]:
    """Every engine error as one of ours."""
    try:
        yield
    except ClickHouseError as wrong:
        number = _code_of(str(wrong))
        if number == _CANCELLED:
            raise _cancelled() from wrong
        if number in (_TIMEOUT, _MEMORY):
            raise QueryTooLarge(
                Words("查询超出时间或内存上限。", "The query ran into its time or memory limit."),
                hint=Words(
                    "缩短日期范围或减少拆分维度。",
                    "Shorten the date range or use fewer breakdowns.",
                ),
            ) from wrong
        if number == _PATTERN:  # RE2 knows no look-around and no back-references
            raise Refused(
                Words(
                    "引擎不支持这个正则表达式。", "The engine cannot use this regular expression."
                ),
                code="pattern_invalid",
                hint=Words("使用 RE2 语法。", "Use the syntax of RE2."),
            ) from wrong
        # its words hold SQL, paths and values: they are for the log, not for who asked
        log.error("the event engine failed: %s", wrong)
        raise StoreFailed(
            Words("事件引擎出错。", "The event engine failed."),
            hint=Words(
                f"详情见服务器日志（引擎错误码 {number}）。",
                f"The server's log says more (engine error {number}).",
            ),
            engine_code=number,
        ) from wrong


def _code_of(message: str) -> int:
    """The number in "Code: 394. DB::Exception: …"; 0 when there is none."""
    _, found, rest = message.partition("Code: ")
    digits = rest.split(".", 1)[0]
    return int(digits) if found and digits.isdigit() else 0
