"""SQL to start from, shown beside the editor."""

from __future__ import annotations

from dataclasses import dataclass

from userops.words import Words


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    words: Words
    text: str


EXAMPLES: tuple[Example, ...] = (
    Example(
        "events",
        Words("各事件的次数和人数", "Events by how often and by how many people"),
        "select event, count() as times, uniqExact(person) as people\n"
        "from events\n"
        "where ts >= now() - interval 30 day\n"
        "group by event\n"
        "order by times desc",
    ),
    Example(
        "days",
        Words("某个事件每天的人数（带参数）", "People with an event by day, with parameters"),
        "select toDate(ts) as day, uniqExact(person) as people\n"
        "from events\n"
        "where event = {event:String} and toDate(ts) >= {from:Date}\n"
        "group by day\n"
        "order by day",
    ),
    Example(
        "properties",
        Words("属性有哪些取值", "The values of a property"),
        "select props.sku::String as sku, count() as times\n"
        "from events\n"
        "group by sku\n"
        "order by times desc\n"
        "limit 50",
    ),
    Example(
        "profiles",
        Words("事件与用户属性关联", "Events joined with the properties of their users"),
        "select profiles.props.level::String as level, count() as events,\n"
        "    uniqExact(events.person) as people\n"
        "from events\n"
        "left join profiles using (person)\n"
        "group by level\n"
        "order by people desc",
    ),
    Example(
        "gaps",
        Words("同一个人相邻两次事件的间隔", "The time between two events of one person"),
        "select quantiles(0.25, 0.5, 0.75)(hours) as quartiles_in_hours\n"
        "from (\n"
        "    select dateDiff('minute', lagInFrame(ts) over own, ts) / 60 as hours,\n"
        "        row_number() over own as place\n"
        "    from events\n"
        "    window own as (partition by person order by ts\n"
        "        rows between 1 preceding and current row)\n"
        ")\n"
        "where place > 1",
    ),
)
