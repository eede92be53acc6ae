"""Options that several commands share, declared once."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def _use(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """Settings are read from the folder that `--data` names."""
    if value is not None:
        os.environ["USEROPS_DATA"] = str(value)
    from userops.config import current

    return current().data


def data_option(command: F) -> F:
    """`--data DIR`: the data folder. The command gets it as `data: Path`."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data folder. Default: $USEROPS_DATA, else ./userops-data.",
        callback=_use,
        is_eager=True,
    )(command)


def _listed(known: Sequence[str]) -> Callable[..., list[str]]:

    def read(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> list[str]:
        parts = (each.strip() for value in given for each in value.split(","))
        found = list(dict.fromkeys(filter(None, parts)))
        wrong = [each for each in found if each not in known]
        if wrong or not found:
            raise click.BadParameter(
                f"expected some of {','.join(known)}, got {','.join(wrong) or 'nothing'}"
            )
        return found

    return read


def _several(name: str, default: list[str], known: Sequence[str]) -> Callable[[F], F]:
    return click.option(
        f"--{name}", f"{name}s", multiple=True, default=default, callback=_listed(known),
        help=f"Of {','.join(known)}; several by commas or given again.",
    )  # fmt: skip


formats_option = _several("format", ["docx", "pdf"], ["docx", "pptx", "xlsx", "pdf", "html"])
languages_option = _several("language", ["zh"], ["zh", "en"])
product_option = click.option("--product", required=True, help="Short name of the product.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def prepare_django() -> None:
    """Make Django ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "userops.web.settings")
    import django

    from userops.loading import loading

    with loading():
        django.setup()


def setup() -> None:
    """Make Django ready and bring the operational database up to date."""
    prepare_django()
    from django.db import OperationalError, connection

    from userops.errors import StoreFailed
    from userops.words import Words
    from userops.workspace.migrating import migrate

    try:
        connection.ensure_connection()
    except OperationalError as wrong:
        raise StoreFailed(
            Words(f"无法连接业务数据库：{wrong}", f"Cannot reach the database: {wrong}"),
            code="database_unreachable",
            hint=Words("检查 DATABASE_URL。", "Check DATABASE_URL."),
        ) from None
    migrate()
