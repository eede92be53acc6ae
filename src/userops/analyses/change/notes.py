"""What a change says in sentences: how much, whether more than chance, and where. Never why."""

from __future__ import annotations

from typing import Any

from userops.analyses.change.document import Change
from userops.analyses.change.segments import OVERLAP
from userops.analyses.change.wording import STATES, number_words, segment_words
from userops.analyses.page import Label
from userops.query.steps import OTHERS
from userops.words import Words, minus

MOST = 3
"""Dimensions, and values of each, that are told in sentences."""


def notes(document: Change, result: dict[str, Any], label: Label) -> list[Words]:
    """Both languages name a property as the reader's catalogue does."""
    return [
        _how_much(result),
        *_noise(result),
        *_unfinished(result),
        *where(result, label),
        *_nothing(result),
        *_same_story(result, label),
        *_factors(result),
        *_when(result),
    ]


def where(result: dict[str, Any], label: Label) -> list[Words]:
    """Only where it moved, the property that tells most first; empty where nothing stands out."""
    return [_where(each, result, label) for each in _told(result)]


def within(result: dict[str, Any]) -> bool:
    return bool(result["noise"]["within"])


def _told(result: dict[str, Any]) -> list[dict[str, Any]]:
    if within(result) or not result["change"]:
        return []
    return [each for each in result["dimensions"] if not each["chance"] and _named(each)][:MOST]


def _named(each: dict[str, Any]) -> list[dict[str, Any]]:
    named = [
        row for row in each["values"] if row["named"] and row["value"] not in (OTHERS, OVERLAP)
    ]
    return sorted(named, key=lambda row: -abs(row["contribution"]))[:MOST]


def _how_much(result: dict[str, Any]) -> Words:
    figure, type_ = result["figure"], result["figure"]["type"]
    before, after = (number_words(result[at]["value"], type_) for at in ("base", "now"))
    zh = f"{figure['zh']}：{before.zh} → {after.zh}"
    en = f"{figure['en']}: {before.en} → {after.en}"
    if result["change"] is None:
        return Words(
            f"{zh}，有一期没有数值，无法比较。", f"{en}; one period has no value to compare."
        )
    move = number_words(result["change"], type_, signed=True)
    relative = "" if result["relative"] is None else minus(f"{result['relative']:+.1%}")
    zh_relative, en_relative = (f"，{relative}", f", {relative}") if relative else ("", "")
    return Words(f"{zh}（{move.zh}{zh_relative}）。", f"{en} ({move.en}{en_relative}).")


_TESTS: dict[str, Words] = {
    "newcombe": Words(
        "两期之差的 95% 区间（Newcombe）为 {low} 至 {high}",
        "95% interval of the difference (Newcombe): {low} to {high}",
    ),
    "daily": Words(
        "按此前逐日波动（去除星期因素）估计，95% 的偶然变动在 {low} 至 {high} 之间",
        "by the usual day-to-day variation, weekdays removed, 95% of chance moves lie between {low} and {high}",
    ),
    "poisson": Words(
        "按计数的偶然波动（泊松）估计，95% 的偶然变动在 {low} 至 {high} 之间",
        "by the chance variation of counts (Poisson), 95% of chance moves lie between {low} and {high}",
    ),
}


def _noise(result: dict[str, Any]) -> list[Words]:
    noise, type_ = result["noise"], result["figure"]["type"]
    if noise["test"] == "none":
        return []
    low, high = (number_words(noise[at], type_, signed=True) for at in ("low", "high"))
    test = _TESTS[noise["test"]]
    zh = test.zh.format(low=low.zh, high=high.zh)
    en = test.en.format(low=low.en, high=high.en)
    if within(result):
        return [
            Words(
                f"变化没有超出噪声：{zh}。不给出占比，也不指出位置。",
                f"The move is within noise: {en}. No shares and no places are told.",
            )
        ]
    return [Words(f"变化超出噪声：{zh}。", f"The move is larger than noise: {en}.")]


def _unfinished(result: dict[str, Any]) -> list[Words]:
    if not result["unfinished"]:
        return []
    return [
        Words(
            "本期还没有结束（或转化、留存还在累积），与已结束的基期比较会偏低。",
            "This period is not over, or still gathers conversions or returns: it compares low with a base "
            "that is over.",
        )
    ]


def _where(each: dict[str, Any], result: dict[str, Any], label: Label) -> Words:
    """`位置：应用版本 3.2.0（−1.20 个百分点，占净变化 80.0%）`"""
    type_, name = result["figure"]["type"], label(each["of"], each["property"])
    told = [_segment(row, type_) for row in _named(each)]
    zh = f"位置：{name} — " + "；".join(one.zh for one in told)
    en = f"Where: {name} — " + "; ".join(one.en for one in told)
    if each["mix"] is not None:
        mix, rate = (number_words(each[at], type_, signed=True) for at in ("mix", "rate"))
        zh += f"。该属性合计：结构 {mix.zh}，比率 {rate.zh}"
        en += f". Of this property in all: mix {mix.en}, rate {rate.en}"
    return Words(f"{zh}。", f"{en}.")


def _segment(row: dict[str, Any], type_: str) -> Words:
    value, move = segment_words(row["value"]), number_words(row["contribution"], type_, signed=True)
    zh, en = [move.zh], [move.en]
    if row["share"] is not None:
        words = {
            "net": Words("净变化的", "of the net change"),
            "gains": Words("全部增量的", "of all gains"),
            "losses": Words("全部减量的", "of all losses"),
        }[row["share_of"]]
        zh.append(f"{words.zh} {row['share']:.1%}")
        en.append(f"{row['share']:.1%} {words.en}")
    state = STATES.get(row.get("state", ""))
    if state:
        zh.append(state.zh)
        en.append(state.en)
    return Words(f"{value.zh}（{'，'.join(zh)}）", f"{value.en} ({', '.join(en)})")


def _nothing(result: dict[str, Any]) -> list[Words]:
    if within(result) or not result["change"] or not result["looked_at"] or _told(result):
        return []
    return [
        Words(
            f"查看了 {result['looked_at']} 个属性，没有一个的取值分布能显示变化的位置：变化较均匀地出现在各处。",
            f"None of the {result['looked_at']} properties looked at shows a place: the move is spread evenly.",
        )
    ]


def _same_story(result: dict[str, Any], label: Label) -> list[Words]:
    found = result["same_story"]
    if found is None or within(result):
        return []
    one, other = (label(each["of"], each["property"]) for each in (found["first"], found["second"]))
    return [
        Words(
            f"“{one}”与“{other}”高度重合（Cramér's V = {found['v']:.2f}），说的多半是同一件事，不要相加。",
            f"“{one}” and “{other}” largely coincide (Cramér's V = {found['v']:.2f}): they tell one story, "
            "do not add them.",
        )
    ]


def _factors(result: dict[str, Any]) -> list[Words]:
    if not result["factors"] or within(result):
        return []
    moves = [
        (each, number_words(each["contribution"], result["figure"]["type"], signed=True))
        for each in result["factors"]
    ]
    return [
        Words(
            "按因子："
            + "；".join(f"{each['zh']} {move.zh}" for each, move in moves)
            + "（Shapley）。",
            "By factor: "
            + "; ".join(f"{each['en']} {move.en}" for each, move in moves)
            + " (Shapley).",
        )
    ]


def _when(result: dict[str, Any]) -> list[Words]:
    shift = (result["when"] or {}).get("shift")
    if not shift or not result["base"]["from"] <= shift["day"] <= result["now"]["to"]:
        return []
    type_ = result["figure"]["type"]
    before, after = (number_words(shift[at], type_) for at in ("before", "after"))
    return [
        Words(
            f"时间：去除星期因素后，日水平在 {shift['day']} 前后由 {before.zh} 变为 {after.zh}，"
            "可对照当天的发布、活动与故障记录。",
            f"When: weekdays removed, the daily level goes from {before.en} to {after.en} at "
            f"{shift['day']}; compare with the releases, campaigns and incidents of that day.",
        )
    ]
