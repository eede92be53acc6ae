"""Limits at the door, with the stable code that a broken one answers. One list, shown in the docs."""

from __future__ import annotations

from dataclasses import dataclass

from userops.words import Words

MAX_BODY_BYTES = 20 * 2**20
"""Of one request, after decompression."""
MAX_BATCH = 20_000
"""Messages in one request."""
MAX_EVENT_NAME = 200
MAX_DISTINCT_ID = 400
MAX_PROPERTIES = 500
MAX_DEPTH = 8
MAX_KEY = 200
MAX_TEXT = 8_192
"""Characters of one text value; longer ones are cut, and the event says so in `$truncated`."""
MAX_RECORD_BYTES = 256 * 2**10
"""Of one message as JSON."""
MAX_FUTURE_MS = 24 * 3600 * 1000
"""An event may be this far ahead of the server's clock; further is `time_in_future`."""
MIN_TIME_MS = 0
"""1970-01-01; before is `time_too_old`."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is refused."""

    code: str
    words: Words


REASONS: tuple[Reason, ...] = (
    Reason("json_invalid", Words("不是合法的 JSON", "Not valid JSON")),
    Reason("not_an_object", Words("每条消息应为 JSON 对象", "Each message must be a JSON object")),
    Reason("event_missing", Words("缺少事件名", "The event name is missing")),
    Reason(
        "event_invalid",
        Words("事件名为空、过长或不是文本", "The event name is empty, too long or not text"),
    ),
    Reason("user_missing", Words("缺少用户标识", "The user id is missing")),
    Reason("user_invalid", Words("用户标识过长或不是文本", "The user id is too long or not text")),
    Reason(
        "user_not_a_person",
        Words(
            "用户标识是占位值（如 null、undefined、0）",
            "The user id is a placeholder such as null, undefined or 0",
        ),
    ),
    Reason("time_missing", Words("缺少时间", "The time is missing")),
    Reason("time_invalid", Words("无法识别的时间", "The time cannot be read")),
    Reason(
        "time_in_future",
        Words("时间在未来超过 24 小时", "The time is more than 24 hours in the future"),
    ),
    Reason("time_too_old", Words("时间早于 1970 年", "The time is before 1970")),
    Reason("uuid_invalid", Words("uuid 格式不正确", "The uuid is malformed")),
    Reason("properties_invalid", Words("属性应为对象", "Properties must be an object")),
    Reason(
        "too_many_properties", Words("属性过多（上限 500）", "Too many properties (at most 500)")
    ),
    Reason(
        "too_deep", Words("属性嵌套过深（上限 8 层）", "Properties nest too deeply (at most 8)")
    ),
    Reason("key_invalid", Words("属性名为空或过长", "A property name is empty or too long")),
    Reason(
        "record_too_large",
        Words("单条消息过大（上限 256 KiB）", "One message is too large (at most 256 KiB)"),
    ),
    Reason("type_unknown", Words("未知的消息类型", "Unknown message type")),
    Reason(
        "row_malformed",
        Words("该行列数与表头不符", "The row does not have as many columns as the header"),
    ),
    Reason("amount_invalid", Words("金额不是数字", "The amount is not a number")),
    Reason(
        "identity_conflict",
        Words("两个已知用户不会自动合并", "Two known users are never merged by themselves"),
    ),
    Reason("user_unknown", Words("没有这个用户标识", "There is no user with this id")),
    Reason(
        "user_twice",
        Words("同一用户有两个不同的取值", "One user is given two different values"),
    ),
    Reason("tag_value_unknown", Words("标签没有这个取值", "The tag has no such value")),
    Reason("profile_invalid", Words("用户属性操作不正确", "The profile change is not valid")),
)

BY_CODE: dict[str, Reason] = {reason.code: reason for reason in REASONS}
