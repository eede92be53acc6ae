"""`userops survey`: what was asked, what was answered and what it speaks of, answers from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from userops.cli.asking import ask_once, open_store, tell
from userops.cli.options import data_option, json_option, product_option
from userops.cli.watching import watch

F = TypeVar("F", bound=Callable[..., Any])
day = click.DateTime(["%Y-%m-%d"])


def stacked(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator."""
    return lambda wrapped: reduce(lambda found, option: option(found), reversed(options), wrapped)


product_options = stacked(data_option, json_option, product_option)
survey_options = stacked(
    product_options, click.option("--id", "survey", type=int, required=True, help="The survey.")
)
answers_options = stacked(
    survey_options,
    click.option(
        "--way",
        type=click.Choice(["link", "mail", "in_app", "import"]),
        help="Only answers that came so.",
    ),
    click.option("--since", type=day, help="First day, in the product's time zone."),
    click.option("--until", type=day, help="Last day, in the product's time zone."),
)

score_options = stacked(
    answers_options,
    click.option("--question", default="", help="Key of the score; the first, if left out."),
    click.option(
        "--by", "convention", default="", help="Convention: rescaled, of_highest, top or mean."
    ),
)


@click.group()
def command() -> None:
    """Surveys: listed with their results and the topics of open answers; answers from a file; facts of users."""


@command.command("list")
@product_options
def list_(data: Path, as_json: bool, product: str) -> None:
    """All surveys, the newest first."""
    found = ask_once(data, "surveys", product=product)
    tell(found, as_json, map(_line, found) if found else ["No survey yet."])


@command.command()
@survey_options
@click.option(
    "--by", "convention", default="", help="Convention: rescaled, of_highest, top or mean."
)
def results(data: Path, as_json: bool, product: str, survey: int, convention: str) -> None:
    """Scores with their intervals and formulas, and the response rates."""
    found = ask_once(data, "survey-results", product=product, survey=survey, convention=convention)
    tell(found, as_json, _results(found))


@command.command()
@score_options
@click.option(
    "--unit", type=click.Choice(["week", "month", "quarter"]), default="month", show_default=True
)
def waves(data: Path, as_json: bool, product: str, survey: int, unit: str, **asked: Any) -> None:
    """A score by period and way, each against the one before."""
    asked = {"product": product, "survey": survey, "unit": unit} | _given(asked)
    found = ask_once(data, "survey-waves", **asked)
    tell(found, as_json, map(_wave, found))


@command.command()
@score_options
@click.option(
    "--key", default="", help="way, language, of:PROPERTY, question:KEY or segment:NUMBER."
)
def breakdown(data: Path, as_json: bool, product: str, survey: int, key: str, **asked: Any) -> None:
    """A score by what is known of those who answered, each part against all others."""
    asked = {"product": product, "survey": survey, "key": key} | _given(asked)
    found = ask_once(data, "survey-breakdown", **asked)
    tell(found, as_json, _parts(found))


@command.command()
@answers_options
@click.option("--question", default="", help="Key of the score; the first, if left out.")
def drivers(data: Path, as_json: bool, product: str, survey: int, **asked: Any) -> None:
    """What goes together with a score: importance and satisfaction of each other rating."""
    asked = {"product": product, "survey": survey} | _given(asked)
    found = ask_once(data, "survey-drivers", **asked)
    tell(found, as_json, _drivers(found))


@command.command()
@score_options
@click.option("--on", multiple=True, help="Compared on: facts $…, or properties kept with answers.")
def weights(
    data: Path, as_json: bool, product: str, survey: int, on: tuple[str, ...], **asked: Any
) -> None:
    """Those who answered beside all who could, and the score weighted to them."""
    asked = {"product": product, "survey": survey, "on": list(on)} | _given(asked)
    found = ask_once(data, "survey-weights", **asked)
    tell(found, as_json, _weights(found))


@command.command()
@answers_options
def topics(data: Path, as_json: bool, product: str, survey: int, **answers: Any) -> None:
    """What open answers speak of, with share, score and feeling, the largest first."""
    asked = {"product": product, "survey": survey} | _given(answers)
    found = ask_once(data, "survey-topics", **asked)
    tell(found, as_json, _topics(found))


@command.command()
@answers_options
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True)
@click.argument("number", type=int)
def topic(
    data: Path, as_json: bool, product: str, survey: int, limit: int, number: int, **answers: Any
) -> None:
    """One topic with the answers that speak of it, the newest first."""
    asked = {"product": product, "survey": survey, "topic": number, "limit": limit}
    found = ask_once(data, "survey-topic", **asked, **_given(answers))
    tell(found, as_json, _topic(found))


@command.command()
@answers_options
def grow(data: Path, as_json: bool, product: str, survey: int, **answers: Any) -> None:
    """Find topics of open answers anew; Ctrl-C cancels, and the topics stay as they were."""
    asked = {"product": product, "survey": survey} | _given(answers)
    with open_store(data) as ask:
        ask("survey-topics-grow", **asked)
        watch(
            lambda: ask("survey-topics-growing", **asked),
            lambda: ask("survey-topics-growing", **asked, cancel=True),
            lambda state: float(state["share"]),
            quiet=as_json,
        )
        found = ask("survey-topics", **asked)
    tell(found, as_json, _topics(found))


@command.command("import")
@survey_options
@click.option(
    "--file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV or Excel.",
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    required=True,
    metavar="QUESTION=COLUMN",
    help="Which column answers.",
)
@click.option("--user", default="", help="Column of the user's id.")
@click.option("--day", default="", help="Column of the day of the answer.")
@click.option("--carry", "carried", multiple=True, help="Column to keep with each answer.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be taken.")
def import_(data: Path, as_json: bool, product: str, file: Path, **options: Any) -> None:
    """Take answers from a file, or count first what would be taken."""
    options["answers"] = dict(_pair(each) for each in options["answers"])
    options["carried"] = list(options["carried"])
    found = ask_once(data, "survey-import", product=product, file=str(file.resolve()), **options)
    tell(found, as_json, _taken(found))


@command.command()
@survey_options
@click.option("--import", "run", type=int, required=True, help="The number of the import.")
def undo(data: Path, as_json: bool, product: str, survey: int, run: int) -> None:
    """Take all answers of an import back."""
    found = ask_once(data, "survey-undo", product=product, survey=survey, run=run)
    tell(found, as_json, [f"{found['undone']} responses are taken back."])


@command.command()
@product_options
def facts(data: Path, as_json: bool, product: str) -> None:
    """Compute the facts $nps, $csat and $ces of users now."""
    found = ask_once(data, "survey-facts", product=product)
    line = "  ".join(f"${kind}: {count} users" for kind, count in found.items())
    tell(found, as_json, [line])


def _given(answers: dict[str, Any]) -> dict[str, str]:
    """Of the options that say which answers and which score, those that were given."""
    given = {name: value for name, value in answers.items() if value}
    days = {name: f"{given[name]:%Y-%m-%d}" for name in ("since", "until") if name in given}
    return given | days


def _pair(text: str) -> tuple[str, str]:
    question, mark, column = text.partition("=")
    if not mark or not question or not column:
        raise click.UsageError(f"--answer is QUESTION=COLUMN, got {text!r}")
    return question, column


def _line(row: dict[str, Any]) -> str:
    version = f"v{row['version']}" if row["version"] else "–"
    return f"{row['id']:>6}  {row['state']:<8} {version:<4} {row['name']}"


def _results(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['name']}: {found['responses']} responses, {found['complete']} complete"
    for rate in found["rates"]:
        share = "–" if rate["share"] is None else f"{rate['share']:.1%}"
        yield f"  {rate['name']['en']}: {share} ({rate['hits']} / {rate['total']})"
    for score in found["scores"]:
        low, high = score["interval"] or (None, None)
        interval = "" if low is None else f" ({low:.1f} – {high:.1f})"
        value = "–" if score["value"] is None else f"{score['value']:.1f}"
        yield f"  {score['question']}: {value}{interval}, n = {score['answered']}"
        yield f"    {score['formula']['en']}"


def _score(found: dict[str, Any], name: str = "score") -> str:
    value = "–" if found[name] is None else f"{found[name]:.1f}"
    low, high = found["interval"] or (None, None)
    return f"{value:>7} {'' if low is None else f'({low:.1f} – {high:.1f})':<20} n = {found['answered']:,}"


def _chance(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


def _wave(found: dict[str, Any]) -> str:
    change = "" if found["change"] is None else f"  {found['change']:+.1f}, p {_chance(found['p'])}"
    return f"{found['start']} {found['way']:<7} {_score(found, 'value')}{change}"


def _parts(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['question']} by {found['key']}"
    for part in found["parts"]:
        against = part["against_others"]
        more = (
            f"  {against['value']:+.1f} against others, q {_chance(part['q'])}" if against else ""
        )
        yield f"  {part['title'] or 'others and unknown':<24} {_score(part)}{more}"


def _drivers(found: dict[str, Any]) -> Iterator[str]:
    if found["why"]:
        yield found["why"]["en"]
    for each in found["drivers"]:
        yield (
            f"  {each['title']:<24} importance {each['importance']:>6.1%}  satisfaction"
            f"{_score(each['satisfaction'])}  {each['words']['en']}"
        )
    if found["drivers"]:
        yield f"{found['responses']:,} responses; they explain {found['r2']:.1%} of the score"


def _weights(found: dict[str, Any]) -> Iterator[str]:
    if found["why"]:
        yield found["why"]["en"]
        return
    yield f"as answered {_score(found['raw'])}"
    yield f"weighted    {_score(found['weighted'])}, effective n = {found['effective']:.0f}"
    for each in found["compared"]:
        yield f"{each['words']['en']}: same spread, p {_chance(each['p'])}"
        for one in each["values"]:
            gap = "–" if one["gap"] is None else f"{100 * one['gap']:+.1f} points"
            yield f"  {one['words']['en']:<24} {gap}"


def _topics(found: dict[str, Any]) -> Iterator[str]:
    growing = found["growing"]
    if growing["problem"]:
        yield growing["problem"]["en"]
    elif not found["items"]:
        yield f"{growing['texts']:,} answers, topics not found yet: `userops survey grow`"
    for each in found["items"]:
        yield _topic_line(each)
    if growing["since"] and found["items"]:
        yield f"{growing['since']:,} answers came since."


def _topic_line(each: dict[str, Any]) -> str:
    score = "" if each["score"] is None else f"{each['score']:.1f}{each['score_unit']}"
    low, high = each["interval"]
    share = f"{each['share']:.1%} ({low:.1%} – {high:.1%})"
    feeling = f"+{each['positive']} ·{each['neutral']} -{each['negative']}"
    return f"{each['number']:>4} {each['answers']:>7,}  {share:<24} {score:>7}  {feeling:<16} {each['name']}"


def _topic(found: dict[str, Any]) -> Iterator[str]:
    yield _topic_line(found)
    yield ", ".join(found["terms"])
    for each in found["said"]:
        scores = " ".join(f"{score['kind']} {score['value']}" for score in each["scores"])
        yield f"  {each['day'] or ''} {scores}  {each['text']}"


def _taken(found: dict[str, Any]) -> Iterator[str]:
    told = ("rows", "taken", "empty", "copies", "refused", "unknown_users", "encoding", "repaired")
    number = f"import {found['import']}  " if "import" in found else ""
    yield number + "  ".join(f"{name} {found[name]}" for name in told)
    for each in found["reasons"]:
        yield f"  row {each['row']}: {each['en']}"
