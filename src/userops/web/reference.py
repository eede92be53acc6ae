"""The reference pages that are made from code: settings, command line, API, analyses.

`python -m userops.web.reference` writes them. English texts are those of the code; the Chinese ones stand
in `reference.zh.json`, keyed by the English text or by the operation, and a missing one is an error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from userops.cli import COMMANDS, root
from userops.config import FILE, SETTINGS
from userops.words import Words

HERE = Path(__file__).parent
DOCS = HERE.parents[2] / "docs" / "reference"
LANGUAGES = ("en", "zh")
_MADE = Words(
    "本页由 `just docs` 生成，请勿手工修改。",
    "This page is made by `just docs`; do not edit it by hand.",
)
_OTHER = {"en": "中文", "zh": "English"}


@lru_cache(maxsize=1)
def _chinese() -> dict[str, str]:
    found: dict[str, str] = json.loads((HERE / "reference.zh.json").read_text(encoding="utf-8"))
    return found


def _text(key: str, english: str, language: str) -> str:
    """Raises `KeyError` when the Chinese text is missing."""
    return _chinese()[key] if language == "zh" and key else english


def file_name(page: str, language: str) -> str:
    return f"{page}.md" if language == "en" else f"{page}.zh-CN.md"


def _head(page: str, title: Words, language: str) -> Iterator[str]:
    other = "zh" if language == "en" else "en"
    yield f"<!-- {_MADE.text(language)} -->"
    yield f"# {title.text(language)}"
    yield f"[{_OTHER[language]}]({file_name(page, other)})"


def _table(head: str, rows: list[list[str]]) -> str:
    columns = head.split(" | ")
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def settings(language: str) -> str:
    """Every setting: its name in the file, in the environment, its default, what it is for."""
    intro = Words(
        f"设置来自环境变量和数据目录中的 `{FILE}`。环境变量优先于文件，文件优先于默认值。错误或未知的设置会在启动时"
        f"报出：是什么、应为什么、实际为什么。数据目录由 `--data` 或 `USEROPS_DATA` 指定，默认 `./userops-data`。",
        f"Settings come from the environment and from `{FILE}` in the data folder. The environment wins "
        f"over the file, the file over the default. A wrong or unknown setting is refused at start with "
        f"what, expected and got. The data folder is named by `--data` or `USEROPS_DATA`; default "
        f"`./userops-data`.",
    )
    head = Words(
        "文件中的名称 | 环境变量 | 默认值 | 含义", "In the file | Environment | Default | Meaning"
    )
    rows = [
        [f"`{each.name}`", f"`{each.env}`", _default(each.default), each.words.text(language)]
        for each in SETTINGS
    ]
    example = '```toml\nlanguage = "en"\nport = 8080\nallowed_hosts = ["ops.example.com"]\n```'
    return _page(
        *_head("settings", Words("设置", "Settings"), language),
        intro.text(language),
        _table(head.text(language), rows),
        Words(f"## `{FILE}` 示例", f"## An example of `{FILE}`").text(language),
        example,
    )


def _default(value: Any) -> str:
    if value in ("", ()):
        return "—"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def cli(language: str) -> str:
    """Every command with its arguments and options."""
    intro = Words(
        "每个命令都接受 `--data DIR`。数据目录由服务占用时，命令通过该服务完成工作，无需停止服务。"
        "出错时输出一句说明和稳定的错误代码；退出码 1 表示失败，2 表示设置或用法有误，130 表示被中断。",
        "Every command takes `--data DIR`. When a server owns the data folder, the commands work through "
        "it; it need not be stopped. An error is one sentence with a stable code; the exit code is 1 for "
        "a failure, 2 for a wrong setting or usage, 130 when interrupted.",
    )
    parts = [*_head("cli", Words("命令行", "Command line"), language), intro.text(language)]
    context = click.Context(root, info_name="userops")
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        for path, each in _with_own(name, command):
            parts += list(_command(path, each, language))
    return _page(*parts)


def _with_own(name: str, command: click.Command) -> list[tuple[str, click.Command]]:
    """The command, or those of a group and of groups in it, by how they are called."""
    own = getattr(command, "commands", None)
    if not own:
        return [(name, command)]
    return [pair for each, found in own.items() for pair in _with_own(f"{name} {each}", found)]


def _command(name: str, command: click.Command, language: str) -> Iterator[str]:
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    usage = " ".join(each.make_metavar(click.Context(command)) for each in arguments)
    yield f"## userops {name}"
    yield f"```sh\nuserops {name} {usage}".rstrip() + "\n```"
    said = " ".join((command.help or "").split())
    yield _text(said, said, language)
    options = [each for each in command.params if isinstance(each, click.Option)]
    head = Words("选项 | 取值 | 含义", "Option | Value | Meaning")
    yield _table(head.text(language), [_option(each, language) for each in options])


def _option(option: click.Option, language: str) -> list[str]:
    names = " / ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else "|".join(getattr(option.type, "choices", ())) or "…"
    value = value.replace("|", " \\| ")
    required = Words("必填。", "Required. ").text(language) if option.required else ""
    said = " ".join((option.help or "").split())
    return [names, value, required + _text(said, said, language)]


def api(language: str) -> str:
    """Every operation of the API with what it does."""
    from userops.api.app import api as described

    intro = Words(
        "程序可以做页面能做的一切。用 `Authorization: Bearer uo_…` 发送令牌（在“API 令牌”页新建）。"
        "参数和返回的完整描述见运行中服务的 `/api/docs` 与 `/api/openapi.json`。所有错误的格式相同："
        "稳定的 `code`、两种语言的说明、重试是否有用、该怎么做。",
        "Programs can do what the pages do. Send a token (from the page “API tokens”) as "
        "`Authorization: Bearer uo_…`. Parameters and answers are described in full at `/api/docs` and "
        "`/api/openapi.json` of a running server. All errors have one body: a stable `code`, the message "
        "in both languages, whether a retry helps, and what to do.",
    )
    rows = []
    for path, operations in described.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            key = f"{method.upper()} {path}"
            said = operation.get("description") or f"{operation['summary'].capitalize()}."
            rows.append([f"`{key}`", _text(key, said.split("\n")[0], language)])
    head = Words("地址 | 用途", "Address | What it does")
    return _page(
        *_head("api", Words("API", "API"), language),
        intro.text(language),
        _table(head.text(language), rows),
    )


def _page(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


PAGES: dict[str, Callable[[str], str]] = {"settings": settings, "cli": cli, "api": api}


def main() -> None:
    """Write all pages into the checkout's docs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "userops.web.settings")
    import django

    django.setup()
    from userops.analyses import reference

    for page, render in PAGES.items():
        for language in LANGUAGES:
            (DOCS / file_name(page, language)).write_text(render(language), encoding="utf-8")
    reference.main()


if __name__ == "__main__":
    main()
