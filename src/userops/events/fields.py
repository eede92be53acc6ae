"""The typed columns of an event: one record per standard property, the single place that names them.

Everything else that a sender attaches goes to the `props` JSON column under its own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from userops.words import Words

FieldType = Literal["text", "number"]


@dataclass(frozen=True, slots=True)
class Field:
    """One typed column. A text column holds "" for "not set"; a number column holds NULL."""

    name: str
    words: Words
    type: FieldType = "text"
    low_cardinality: bool = True


FIELDS: tuple[Field, ...] = (
    Field("platform", Words("平台", "Platform")),
    Field("os", Words("操作系统", "Operating system")),
    Field("os_version", Words("系统版本", "OS version")),
    Field("browser", Words("浏览器", "Browser")),
    Field("device", Words("设备型号", "Device model")),
    Field("app_version", Words("应用版本", "App version")),
    Field("channel", Words("渠道", "Channel")),
    Field("utm_source", Words("广告来源", "UTM source")),
    Field("utm_medium", Words("广告媒介", "UTM medium")),
    Field("utm_campaign", Words("广告活动", "UTM campaign")),
    Field("country", Words("国家", "Country")),
    Field("province", Words("省份", "Province")),
    Field("city", Words("城市", "City")),
    Field("language", Words("语言", "Language")),
    Field("page", Words("页面", "Page"), low_cardinality=False),
    Field("referrer", Words("来路", "Referrer"), low_cardinality=False),
    Field("session", Words("会话", "Session"), low_cardinality=False),
    Field("amount", Words("金额", "Amount"), type="number"),
    Field("currency", Words("币种", "Currency")),
    Field("source", Words("采集来源", "Collected by")),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
TEXT_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS if f.type == "text")
NUMBER_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS if f.type == "number")
