"""Settings: one record, read from the environment and from `userops.toml` in the data folder.

The environment wins over the file, the file over the default. A wrong or unknown setting is refused at
start with what, expected, got. `docs/reference/settings.md` is generated from `SETTINGS`.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from userops.errors import ConfigError
from userops.words import Words

FILE = "userops.toml"
DEFAULT_DATA = "userops-data"


class UnexpectedValueError(ValueError):
    """A value that a setting cannot have: what was expected, in both languages."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.words = Words(zh, en)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise UnexpectedValueError("文本", "text")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise UnexpectedValueError("整数", "a whole number")
    try:
        return int(value)
    except (TypeError, ValueError):
        raise UnexpectedValueError("整数", "a whole number") from None


def _port(value: Any) -> int:
    port = _whole(value)
    if not 0 <= port <= 65535:
        raise UnexpectedValueError("0 到 65535 的端口号", "a port from 0 to 65535")
    return port


def _yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    try:
        return known[str(value).lower()]
    except KeyError:
        raise UnexpectedValueError("true 或 false", "true or false") from None


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise UnexpectedValueError("用逗号分隔的名称", "names separated by commas")


def _language(value: Any) -> str:
    if value not in ("zh-hans", "en"):
        raise UnexpectedValueError("zh-hans 或 en", "zh-hans or en")
    return str(value)


def _clickhouse(value: Any) -> str:
    text = _text(value)
    if text and not text.startswith(("clickhouse://", "clickhouses://", "http://", "https://")):
        raise UnexpectedValueError(
            "形如 clickhouse://user:password@host:8123/userops 的地址，留空则使用内嵌引擎",
            "an address like clickhouse://user:password@host:8123/userops, or nothing for the"
            " embedded engine",
        )
    return text


def _database(value: Any) -> str:
    text = _text(value)
    if text and not text.startswith(("postgres://", "postgresql://")):
        raise UnexpectedValueError(
            "形如 postgresql://user:password@host:5432/userops 的地址，留空则使用 SQLite",
            "an address like postgresql://user:password@host:5432/userops, or nothing for SQLite",
        )
    return text


def _mail(value: Any) -> str:
    text = _text(value)
    if text and not text.startswith(("smtp://", "smtps://")):
        raise UnexpectedValueError(
            "形如 smtp://user:password@host:587 的地址，留空则不发邮件",
            "an address like smtp://user:password@host:587, or nothing for no mail",
        )
    return text


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `name` is its key in the file; `env` its name in the environment."""

    name: str
    env: str
    read: Callable[[Any], Any]
    default: Any
    words: Words


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "clickhouse_url",
        "CLICKHOUSE_URL",
        _clickhouse,
        "",
        Words("事件引擎地址，空为内嵌引擎", "Event engine; empty means embedded"),
    ),
    Setting(
        "database_url",
        "DATABASE_URL",
        _database,
        "",
        Words("业务数据库地址，空为 SQLite", "Operational database; empty means SQLite"),
    ),
    Setting("host", "USEROPS_HOST", _text, "127.0.0.1", Words("监听地址", "Address to listen on")),
    Setting("port", "USEROPS_PORT", _port, 8000, Words("监听端口", "Port to listen on")),
    Setting(
        "threads",
        "USEROPS_THREADS",
        _whole,
        48,
        Words("处理请求的线程数", "Threads that answer requests"),
    ),
    Setting(
        "public_url",
        "USEROPS_PUBLIC_URL",
        _text,
        "",
        Words(
            "对外访问地址，如 https://ops.example.com",
            "Public address, such as https://ops.example.com",
        ),
    ),
    Setting(
        "allowed_hosts",
        "USEROPS_ALLOWED_HOSTS",
        _names,
        (),
        Words("除本机外允许的主机名", "Host names allowed besides this machine"),
    ),
    Setting(
        "production",
        "USEROPS_PRODUCTION",
        _yes_no,
        False,
        Words(
            "生产模式：仅 HTTPS、安全 Cookie、HSTS",
            "Production mode: HTTPS only, secure cookies, HSTS",
        ),
    ),
    Setting(
        "behind_proxy",
        "USEROPS_BEHIND_PROXY",
        _yes_no,
        False,
        Words(
            "位于设置 X-Forwarded-* 的反向代理之后",
            "Behind a reverse proxy that sets X-Forwarded-*",
        ),
    ),
    Setting(
        "language", "USEROPS_LANGUAGE", _language, "zh-hans", Words("默认语言", "Default language")
    ),
    Setting(
        "query_seconds",
        "USEROPS_QUERY_SECONDS",
        _whole,
        120,
        Words("单个查询的时间上限（秒）", "Longest time of one query, in seconds"),
    ),
    Setting(
        "query_memory_mb",
        "USEROPS_QUERY_MEMORY_MB",
        _whole,
        4096,
        Words("单个查询的内存上限（MB）", "Most memory of one query, in MB"),
    ),
    Setting(
        "result_cache",
        "USEROPS_RESULT_CACHE",
        _whole,
        128,
        Words(
            "记住答案所用的内存（MB），0 为不记",
            "Memory for answers given before, in MB; 0 keeps none",
        ),
    ),
    Setting(
        "sql_rows",
        "USEROPS_SQL_ROWS",
        _whole,
        10_000_000,
        Words("一次 SQL 结果的行数上限", "Most rows of one answer to SQL"),
    ),
    Setting(
        "sql_mb",
        "USEROPS_SQL_MB",
        _whole,
        256,
        Words(
            "一次 SQL 结果的大小上限（MB），边算边发的除外",
            "Most data of one answer to SQL, in MB, unless it is sent while it is made",
        ),
    ),
    Setting(
        "rate_per_key",
        "USEROPS_RATE_PER_KEY",
        _whole,
        20_000,
        Words("每个写入密钥每秒可发的事件数", "Events per second that one write key may send"),
    ),
    Setting(
        "mail_url",
        "USEROPS_MAIL_URL",
        _mail,
        "",
        Words(
            "发信服务器，如 smtp://user:pass@host:587",
            "Mail server, such as smtp://user:pass@host:587",
        ),
    ),
    Setting(
        "private_hooks",
        "USEROPS_PRIVATE_HOOKS",
        _yes_no,
        False,
        Words(
            "允许向本机、内网与链路本地地址发送通知",
            "Notices may be sent to loopback, private and link-local addresses",
        ),
    ),
    Setting(
        "model_hosts",
        "USEROPS_MODEL_HOSTS",
        _names,
        (),
        Words(
            "允许语言模型使用的本机或内网主机，如 10.0.0.5:11434",
            "Hosts in the house that a language model may be asked at, such as 10.0.0.5:11434",
        ),
    ),
)


@dataclass(frozen=True)
class Config:
    """The settings in force. `data` is the data folder, absolute."""

    data: Path
    clickhouse_url: str
    database_url: str
    host: str
    port: int
    threads: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    production: bool
    behind_proxy: bool
    language: str
    query_seconds: int
    query_memory_mb: int
    result_cache: int
    sql_rows: int
    sql_mb: int
    rate_per_key: int
    mail_url: str
    private_hooks: bool
    model_hosts: tuple[str, ...]

    @property
    def event_dsn(self) -> str:
        """The address that the engine's client opens."""
        return self.clickhouse_url or f"chdb:///{(self.data / 'events').as_posix()}"

    @property
    def embedded(self) -> bool:
        return not self.clickhouse_url

    def secret_key(self) -> str:
        """The signing key of this data folder, made on first use and readable only by its owner."""
        path = self.data / "secret.key"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()


def load(data: Path, env: Mapping[str, str]) -> Config:
    """Read all settings for a data folder. Raises `ConfigError` for a wrong or unknown one."""
    data = data.expanduser().absolute()
    from_file = _read_file(data / FILE)
    unknown = sorted(set(from_file) - {setting.name for setting in SETTINGS})
    if unknown:
        known = ", ".join(setting.name for setting in SETTINGS)
        raise ConfigError(
            Words(
                f"{data / FILE} 中有未知设置 {unknown[0]!r}。可用的设置：{known}。",
                f"{data / FILE} has an unknown setting {unknown[0]!r}. Known: {known}.",
            ),
            code="setting_unknown",
        )
    values = {setting.name: _value(setting, from_file, env, data) for setting in SETTINGS}
    return Config(data=data, **values)


def _value(
    setting: Setting, from_file: Mapping[str, Any], env: Mapping[str, str], data: Path
) -> Any:
    raw: Any
    if setting.env in env:
        raw, place = env[setting.env], setting.env
    elif setting.name in from_file:
        raw, place = from_file[setting.name], f"{setting.name} in {data / FILE}"
    else:
        return setting.default
    try:
        return setting.read(raw)
    except UnexpectedValueError as wrong:
        # addresses hold passwords: never repeat them
        got = "(hidden)" if setting.name.endswith("_url") else repr(raw)
        raise ConfigError(
            Words(
                f"设置 {place} 不正确：应为{wrong.words.zh}，实际为 {got}。",
                f"Setting {place} is wrong: expected {wrong.words.en}, got {got}.",
            ),
            code="setting_invalid",
            hint=Words("改正后重新启动。", "Correct it and start again."),
        ) from None


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ConfigError(
            Words(f"无法读取 {path}：{wrong}。", f"Cannot read {path}: {wrong}."),
            code="setting_file_invalid",
        ) from None


@lru_cache(maxsize=1)
def current() -> Config:
    """The settings of this process: the data folder is named by `USEROPS_DATA`."""
    return load(Path(os.environ.get("USEROPS_DATA") or DEFAULT_DATA), os.environ)
