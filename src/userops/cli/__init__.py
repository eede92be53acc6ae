"""The command line. Each command is a module of `commands/` and loads only when it is run."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS: dict[str, str] = {
    "demo": "Start with a demo company in it",
    "init": "Make an empty workspace: first admin, product, time zone, language",
    "serve": "Start the server",
    "import": "Import a file of events or of user profiles",
    "query": "Answer a query document",
    "sql": "Ask read-only SQL over one product",
    "text": "Measure, read and group texts, offline: sentiment, categories, topics",
    "report": "Build a report with its files, list, show or issue reports",
    "alerts": "List alerts on saved trends, or check them now",
    "facts": "List what is computed of each person, or compute it now",
    "tag": "List, make, put on, take off, import or refresh tags",
    "segment": "List, show, make, count, refresh or export segments of users",
    "persona": "Find personas, list them, show their cards",
    "ticket": "Find, read, answer, change and merge feedback tickets",
    "channel": "Feedback channels: list, make, pause, try; mails put aside",
    "requirement": "What users ask for: list, show, create, link tickets, how far it is, tell who asked",
    "rule": "Automation rules of tickets: list, show, add, try on the past, switch, log",
    "deadline": "Deadlines of tickets: policies, clocks of one ticket, how much was in time",
    "understanding": "What was read in tickets, how right it is, correct it, read a period again",
    "topic": "List topics, show one, find them anew, rename, merge, dismiss",
    "survey": "List surveys, show results and topics, import answers, compute facts of satisfaction",
    "pain-point": "Rank, show, compute or make pain points",
    "annotations": "List, write, change or delete annotations",
    "calendar": "Working calendars: list, show a year, set or import own days, compute due times",
    "quarantine": "List, export or replay refused rows",
    "erase": "Erase one person (PIPL / GDPR), with proof",
    "check": "Check the data folder: settings, schema, batches, counts",
    "backup": "Write a backup of everything to one file",
    "restore": "Make a data folder from a backup",
    "bench": "Compare with what people use today (in a checkout of the source)",
    "manage": "Run a Django management command",
}
"""Name → one line of help, so that `--help` imports nothing."""


def _module(name: str) -> str:
    # "import" is a word of Python, and a dash is no part of a name there
    return "import_" if name == "import" else name.replace("-", "_")


class LazyGroup(click.Group):
    """A group that imports a command only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"userops.cli.commands.{_module(cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="userops")
def root() -> None:
    """UserOps: the workbench for user operations (用户运营).

    Every command takes --data DIR, the data folder (default: $USEROPS_DATA, else ./userops-data).
    """


def main() -> None:
    """The `userops` program. Errors of ours are one sentence, never a stack trace."""
    from userops.errors import ConfigError, UserOpsError

    try:
        root(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        raise SystemExit(130) from None
    except click.ClickException as wrong:
        wrong.show()
        raise SystemExit(wrong.exit_code) from None
    except UserOpsError as wrong:
        click.echo(f"Error [{wrong.code}]: {wrong.words.zh}", err=True)
        click.echo(f"  {wrong}", err=True)
        raise SystemExit(2 if isinstance(wrong, ConfigError) else 1) from None
