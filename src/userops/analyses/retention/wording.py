"""The definition of a retention in a sentence, all its options included."""

from __future__ import annotations

from userops.analyses.retention.document import RetentionDocument
from userops.query.dates import UNIT_WORDS
from userops.query.filters import describe_filters
from userops.query.naming import shown
from userops.words import Words

_ROLLING = {
    "hour": Words("1 小时", "1 hour"),
    "day": Words("24 小时", "24 hours"),
    "week": Words("7 × 24 小时", "7 × 24 hours"),
    "month": Words("30 × 24 小时", "30 × 24 hours"),
}


def describe(document: RetentionDocument) -> Words:
    """What is counted, and how."""
    parts = [_entry(document), _clock(document), _criterion(document), *_options(document)]
    parts.append(
        Words(
            "第 0 期按定义为 100%；起始当期的回访不计入第 1 期及以后；平均值 = Σ留存人数 / Σ群组人数，只用已结束的格子",
            "period 0 is 100% by definition; a return in the starting period never counts for a later one;"
            " average = Σ retained / Σ size over finished cells",
        )
    )
    return Words(
        "；".join(each.zh for each in parts) + "。", "; ".join(each.en for each in parts) + "."
    )


def _entry(document: RetentionDocument) -> Words:
    start, unit, dates = (
        document.start.describe(),
        UNIT_WORDS[document.unit],
        document.range.describe(),
    )
    first = {
        "first": Words(
            f"全部历史中首次做符合条件的{start.zh}落在 {dates.zh} 的用户，按其所在{unit.zh}成为一个群组",
            f"Users whose first ever matching {start.en} falls in {dates.en}, one cohort for each {unit.en}",
        ),
        "first_ever": Words(
            f"全部历史中首次做该事件、且那一次符合{start.zh}的用户，落在 {dates.zh}，按其所在{unit.zh}成为一个群组",
            f"Users whose very first event of that name is a matching {start.en} in {dates.en},"
            f" one cohort for each {unit.en}",
        ),
        "recurring": Words(
            f"{dates.zh} 中每个{unit.zh}里做过{start.zh}的用户成为该{unit.zh}的群组，一个用户可属于多个群组",
            f"Users who did {start.en} in a {unit.en} of {dates.en} are its cohort; one user can be in several",
        ),
    }[document.entry]
    if not document.filters:
        return first
    condition = describe_filters(document.filters)
    return Words(
        f"{first.zh}（只看{condition.zh}的事件）", f"{first.en} (only events where {condition.en})"
    )


def _clock(document: RetentionDocument) -> Words:
    unit = UNIT_WORDS[document.unit]
    if document.clock == "rolling":
        length = _ROLLING[document.unit]
        return Words(
            f"期数从每个用户自己的起始时刻算起，每期 {length.zh}",
            f"periods of {length.en} run from each user's own start",
        )
    return Words(
        f"每期为产品时区的一个自然{unit.zh}",
        f"periods are calendar {unit.en}s of the product's time zone",
    )


def _criterion(document: RetentionDocument) -> Words:
    back, least = document.returning.describe(), document.min_occurrences
    times = Words("", "") if least == 1 else Words(f"至少 {least} 次", f" at least {least} times")
    if document.criterion == "on_or_after":
        return Words(
            f"留存指在该期或之后任何时候{times.zh}做过{back.zh}",
            f"retained = did {back.en}{times.en} in that period or any time after",
        )
    span = (
        Words("该区间内", "that bracket") if document.brackets else Words("该期内", "that period")
    )
    return Words(
        f"留存指在{span.zh}{times.zh}做过{back.zh}",
        f"retained = did {back.en}{times.en} in {span.en}",
    )


def _options(document: RetentionDocument) -> list[Words]:
    parts = []
    if document.brackets:
        spans = ", ".join(f"{begin}–{end}" for begin, end in document.brackets)
        parts.append(Words(f"区间（期）：{spans}", f"brackets of periods: {spans}"))
    if document.reference == "previous":
        parts.append(Words("百分比以上一列为基数", "percentages are of the column before"))
    if document.value is not None:
        name = shown(document.value.property, "event")
        kind = {"sum": Words("总和", "sum"), "average": Words("人均值", "average per member")}[
            document.value.measure
        ]
        parts.append(
            Words(
                f"LTV 为回访事件的“{name.zh}”从起始事件到该期末的累计{kind.zh}，缺失计 0",
                f"LTV is the cumulative {kind.en} of “{name.en}” over return events from the start event to the"
                " end of the period, 0 where missing",
            )
        )
    if document.breakdown:
        inner = [each.describe() for each in document.breakdown]
        zh, en = "、".join(each.zh for each in inner), ", ".join(each.en for each in inner)
        parts.append(
            Words(
                f"按{zh}拆分，事件属性取自起始事件，取人数最多的前 {document.breakdown_limit} 组，其余合并为“其他”",
                f"broken down by {en}, event properties taken at the start event: the "
                f"{document.breakdown_limit} groups of most users, the rest together as “others”",
            )
        )
    return parts
