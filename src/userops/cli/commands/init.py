"""`userops init`: an empty workspace."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from userops.cli.options import data_option, json_option, setup


@click.command()
@data_option
@json_option
@click.option("--email", default="admin@example.com", help="The first admin's e-mail.")
@click.option("--password", help="The first admin's password (default: one is made and printed).")
@click.option(
    "--product", default="app", help="Short name of the first product: letters, digits, -."
)
@click.option("--name", help="Its full name.")
@click.option("--timezone", default="Asia/Shanghai", help="Its time zone.")
@click.option(
    "--language",
    type=click.Choice(["zh-hans", "en"]),
    default="zh-hans",
    help="Language of the workspace.",
)
@click.option("--yes", is_flag=True, help="Take the defaults without asking.")
def command(
    data: Path,
    as_json: bool,
    email: str,
    password: str | None,
    product: str,
    name: str | None,
    timezone: str,
    language: str,
    yes: bool,
) -> None:
    """Make an empty workspace: first admin, product, time zone, language."""
    if not yes:
        email = click.prompt("Admin e-mail", default=email)
        password = password or click.prompt(
            "Password (empty: make one)", default="", hide_input=True, show_default=False
        )
        product = click.prompt("Product (short name)", default=product)
        timezone = click.prompt("Time zone", default=timezone)
        language = click.prompt("Language", default=language)
    setup()
    from userops.workspace.setup import create_workspace

    made = None if password else secrets.token_urlsafe(12)
    user, created = create_workspace(
        email=email,
        password=password or made or "",
        product_slug=product,
        product_name=name or product,
        timezone=timezone,
        language=language,
    )
    _write_language(data, language)
    if as_json:
        import json

        key = created.write_keys.values_list("key", flat=True).first()
        click.echo(
            json.dumps(
                {"email": user.email, "password": made, "product": created.slug, "write_key": key}
            )
        )
        return
    click.echo(f"Workspace ready in {data}")
    click.echo(f"  log in as {user.email}" + (f" with password {made}" if made else ""))
    click.echo(f"  product {created.slug} ({created.timezone})")
    click.echo(f"Start it with: userops serve --data {data}")


def _write_language(data: Path, language: str) -> None:
    """The language becomes a setting of this folder."""
    from userops.config import FILE

    path = data / FILE
    if not path.exists():
        path.write_text(
            "# Settings of this workspace: see docs/reference/settings.md\n"
            f'language = "{language}"\n',
            encoding="utf-8",
        )
