"""Versions of the engine's tables: numbered `.sql` files, applied in order, each once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template
from urllib.parse import unquote, urlparse

from userops.errors import StoreFailed
from userops.events.engine import Engine
from userops.words import Words

FOLDER = Path(__file__).parent


def versions() -> list[tuple[int, Path]]:
    """All versions that this code knows, in order."""
    return [(int(path.name[:4]), path) for path in sorted(FOLDER.glob("[0-9]*.sql"))]


def current_version(engine: Engine) -> int:
    """The version of the store; 0 when it is empty."""
    if not engine.value("exists table schema_versions"):
        return 0
    return int(engine.value("select max(version) from schema_versions"))


def migrate(engine: Engine) -> int:
    """Bring the store to the newest version; answers it. A crash half-way is mended by running again:
    every statement of a version can be repeated."""
    engine.command(
        "create table if not exists schema_versions (version UInt32, applied DateTime default now())"
        " engine = MergeTree order by version settings fsync_after_insert = 1"
    )
    have = current_version(engine)
    newest = versions()[-1][0]
    if have > newest:
        raise StoreFailed(
            Words(
                f"数据的版本 {have} 比本程序认识的 {newest} 新。",
                f"The data is at version {have}, newer than {newest}, the newest that this program knows.",
            ),
            code="schema_too_new",
            hint=Words("请升级 UserOps。", "Upgrade UserOps."),
        )
    for version, path in versions():
        if version > have:
            for statement in statements(path, engine):
                engine.command(statement)
            engine.command(
                "insert into schema_versions (version) values ({version:UInt32})",
                {"version": version},
            )
    return newest


def statements(path: Path, engine: Engine, pieces: Mapping[str, str] | None = None) -> list[str]:
    """The statements of a file. `$database` and `$login` are those of the engine's own address, which
    its dictionaries need to read its tables; comments are dropped."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("--")]
    own = {"database": engine.database, "login": _login(engine.dsn)}
    text = Template("\n".join(lines)).substitute(own, **(pieces or {}))
    return [part.strip() for part in text.split(";\n") if part.strip()]


def _login(dsn: str) -> str:
    """User and password as a dictionary source takes them; empty for the embedded engine."""
    address = urlparse(dsn)
    if not address.username:
        return ""
    user, password = unquote(address.username), unquote(address.password or "")
    return f"user '{_quoted(user)}' password '{_quoted(password)}'"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
