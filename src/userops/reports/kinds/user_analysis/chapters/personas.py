"""Personas in the report: the question, a card and a sentence for each, and what sets them apart (T4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from userops.analyses.personas.wording import REASONS, trait_words
from userops.analyses.table import Column, Table
from userops.publishing.numbers import shown
from userops.reports.book import Book, Finding, Frozen
from userops.reports.outline import FigurePlan, NotComputable, Rule
from userops.reports.quoting import Quote, written
from userops.reports.subject import Subject
from userops.words import Words

LIGHT = "light"
TOLD = 3
"""Traits on a card."""
MORE, LESS = 1.3, 0.7
"""Share of value over share of users from which on a group is worth more, or less, than its size."""


def question(subject: Subject) -> dict[str, Any]:
    """Personas of the period; the purchase is that of the report."""
    purchase = {"purchase": subject.role("purchase")} if subject.role("purchase") else {}
    return {"kind": "personas", **purchase}


def _groups(figure: Frozen) -> list[tuple[int, Mapping[str, Any]]]:
    return [(at, each) for at, each in enumerate(figure.result["groups"]) if each["group"] != LIGHT]


def name_of(group: Mapping[str, Any], subject: Subject) -> Words:
    """The suggested name, with display names of events."""
    zh, en = str(group["name"]["zh"]), str(group["name"]["en"])
    for event, words in subject.labels.items():
        zh, en = (
            zh.replace(f"“{event}”", f"“{words.zh}”"),
            en.replace(f"“{event}”", f"“{words.en}”"),
        )
    return Words(zh, en)


def traits_of(
    group: Mapping[str, Any], subject: Subject
) -> list[tuple[int, Words, Mapping[str, Any]]]:
    """What the group does more than the others, the most telling first: place, words, trait."""
    found = [
        (at, each) for at, each in enumerate(group["traits"])
        if each["telling"] and (each["lift"] or 0) > 1
    ]  # fmt: skip
    found.sort(key=lambda pair: -pair[1]["difference"])
    return [(at, _named(each, subject), each) for at, each in found]


def _named(trait: Mapping[str, Any], subject: Subject) -> Words:
    if trait["feature"] == "events":
        event = subject.label(str(trait["value"]))
        return Words(f"行为：{event.zh}", f"Does: {event.en}")
    return trait_words(trait)


def advice(group: Mapping[str, Any]) -> Words:
    """What to do with a group, by what it is worth for its size."""
    if group["value_share"] is None:
        return Words("先用问卷确认这群人的目的，再定动作", "Ask them first what they come for")
    ratio = group["value_share"] / group["share"] if group["share"] else 1
    if ratio > MORE:
        return Words(
            "优先守住：专属权益、新品先知，流失预警先看这组",
            "Keep first: privileges, early access, watch for silence",
        )
    if ratio < LESS:
        return Words(
            "先促首单与复购：低门槛券、拼单，成本上限按其金额定",
            "Win first and second orders at low cost, capped by what the group is worth",
        )
    return Words(
        "提高频次：按其活跃时段推送常看的内容",
        "Raise frequency: reach them at their hours with what they look at",
    )


def cards(figure: Frozen, subject: Subject, language: str) -> list[dict[str, Any]]:
    """A card for each persona, as it is read."""
    return [_card(each, subject, language) for _, each in _groups(figure)]


def _card(group: Mapping[str, Any], subject: Subject, language: str) -> dict[str, Any]:
    def text(value: Any, type_: str = "number") -> str:
        return shown(value, type_, language)

    share = text(group["share"], "share")
    size = Words(f"{text(group['users'])} 人 · {share}", f"{text(group['users'])} users · {share}")
    lines: list[tuple[Words, str]] = [(Words("规模", "Size"), size.text(language))]
    for _, words, trait in traits_of(group, subject)[:TOLD]:
        low, high = trait["lift_interval"] or (None, None)
        value = {"value": trait["lift"], "type": "number", "low": low, "high": high}
        lift, interval = (written(value, way, language) for way in ("", "interval"))
        told = Words(
            f"本组 {text(trait['group'], 'share')}，其他组 {text(trait['rest'], 'share')}，"
            f"{lift} 倍（95% 区间 {interval}）",
            f"{text(trait['group'], 'share')} here, {text(trait['rest'], 'share')} in the others, lift {lift} "
            f"(95% interval {interval})",
        )
        lines.append((words, told.text(language)))
    days = Words(f"{text(group['active_days'])} 天", f"{text(group['active_days'])} days")
    lines.append((Words("人均活跃", "Active per user"), days.text(language)))
    if group["value_share"] is not None:
        bought = {
            "value": group["buyers"] / group["users"],
            "type": "share",
            "k": group["buyers"],
            "n": group["users"],
        }
        lines.append((Words("买过的人", "Buyers"), written(bought, "kn", language)))
        lines.append((Words("金额占比", "Share of value"), text(group["value_share"], "share")))
    lines.append((Words("稳定性", "Stability"), text(group["stability"], "share")))
    lines.append((Words("建议", "Advice"), advice(group).text(language)))
    return {
        "title": name_of(group, subject).text(language),
        "subtitle": "",
        "lines": [[words.text(language), value] for words, value in lines],
    }


def groups_table(figure: Frozen, subject: Subject) -> Table:
    """One row for each persona, and the light users last; an honest no where the data have none."""
    if not figure.result["found"]:
        why = REASONS[figure.result["reason"]]
        raise NotComputable(why.zh, why.en)
    columns = (
        Column("name", Words("画像", "Persona")),
        Column("users", Words("人数", "Users"), "whole"),
        Column("share", Words("占比", "Share"), "share"),
        Column("active_days", Words("人均活跃天数", "Active days"), "number"),
        Column("buyers", Words("买过的人", "Buyers"), "whole"),
        Column("value_share", Words("金额占比", "Share of value"), "share"),
        Column("stability", Words("稳定性", "Stability"), "number"),
    )
    rows = [
        (
            name_of(each, subject), each["users"], each["share"], each["active_days"], each["buyers"],
            each["value_share"], each.get("stability"),
        )
        for each in figure.result["groups"]
    ]  # fmt: skip
    return Table(columns, rows)


def lifts(book: Book) -> Table:
    """T4: P(attribute | persona) against the others, with the interval of the lift."""
    figure = book.get("personas")
    if figure is None:
        raise NotComputable(
            "没有可靠的画像，不列特征倍数。", "There are no reliable personas to tell apart."
        )
    columns = (
        Column("persona", Words("画像", "Persona")),
        Column("trait", Words("特征", "Trait")),
        Column("group", Words("本组占比", "In the group"), "share"),
        Column("rest", Words("其他组占比", "In the others"), "share"),
        Column("lift", Words("倍数", "Lift"), "number"),
        Column("low", Words("95% 下限", "95% low"), "number"),
        Column("high", Words("95% 上限", "95% high"), "number"),
        Column("users", Words("人数", "Users"), "whole"),
    )
    rows = []
    for _, group in _groups(figure):
        for _, words, trait in traits_of(group, book.subject)[:5]:
            interval = trait["lift_interval"] or (None, None)
            shares = (trait["group"], trait["rest"], trait["lift"])
            rows.append((name_of(group, book.subject), words, *shares, *interval, trait["users"]))
    return Table(columns, rows)


def personas(book: Book) -> Iterator[Finding]:
    """One sentence for each persona."""
    figure = book["personas"]
    for at, group in _groups(figure):
        yield _told(figure, book, at, group)


def _told(figure: Frozen, book: Book, at: int, group: Mapping[str, Any]) -> Finding:
    under = f"groups/{at}"
    words = name_of(group, book.subject)
    name = figure.quote(f"name_{at}", f"{under}/name/zh", "text", words=words)
    share = figure.quote(
        f"share_{at}", f"{under}/share", "share", k=f"{under}/users", n="users",
        interval=f"{under}/share_interval",
    )  # fmt: skip
    zh, en = _trait(figure, book, at, group)
    zh_value, en_value, more = _value(figure, at, group)
    return Finding(
        Words(
            f"「{name}」占用户 {share:kn}{zh}{zh_value}。{advice(group).zh}。",
            f"‘{name}’ are {share:kn} of users{en}{en_value}. {advice(group).en}.",
        ),
        style="finding"
        if zh
        else "body",  # without anything that tells them apart it concludes nothing
        key=str(group["group"]),
        weight=2.4 if more else 1.5,
    )


def _trait(figure: Frozen, book: Book, at: int, group: Mapping[str, Any]) -> tuple[str, str]:
    """The most telling trait, against the other groups."""
    found = traits_of(group, book.subject)
    if not found:
        return "", ""
    place, words, _ = found[0]
    under = f"groups/{at}/traits/{place}"
    lift = figure.quote(f"lift_{at}", f"{under}/lift", "number", interval=f"{under}/lift_interval")
    trait = figure.quote(f"trait_{at}", f"{under}/value", "text", words=words)
    common = f"{lift} times as common as in the other groups (95% interval {lift:interval})"
    return (
        f"；最能区分他们的是“{trait}”，为其他组的 {lift} 倍（95% 区间 {lift:interval}）",
        f"; what tells them apart most is “{trait}”, {common}",
    )


def _value(figure: Frozen, at: int, group: Mapping[str, Any]) -> tuple[str, str, bool]:
    if group["value_share"] is None:
        return "", "", False
    value: Quote = figure.quote(f"value_{at}", f"groups/{at}/value_share", "share")
    more = group["value_share"] > MORE * group["share"]
    return f"；贡献了 {value} 的金额", f"; they bring {value} of the value", more


RULES = (Rule("personas", personas, ("personas",)),)

FIGURES: tuple[FigurePlan, ...] = (
    FigurePlan("personas", Words("画像", "Personas"), question, table=groups_table, cards=cards),
    FigurePlan(
        "lifts",
        Words("画像特征的倍数", "What sets personas apart"),
        compose=lifts,
        shown="table",
        definition=Words(
            "本组活跃日中有该特征的占比，除以其他组的占比；区间按人计算，按错误发现率 5% 校正后才列出。",
            "Share of a group’s active days with the trait over that of the other groups; intervals treat people as "
            "independent; listed at a false discovery rate of 5%.",
        ),
        shown_rows=25,
        on_slides=("persona", "trait", "group", "rest", "lift"),
    ),
)
