"""Which properties say who somebody is: as an administrator decided, else as their names say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Name = tuple[str, str]
"""`("user", "email")`: whose property, and its name."""

_WORDS = frozenset({
    "email", "mail", "phone", "phones", "mobile", "cellphone", "telephone", "tel", "msisdn", "fax",
    "nickname", "realname", "fullname", "firstname", "lastname", "surname", "username", "passport",
    "idcard", "ssn", "birthday", "birthdate", "wechat", "weixin", "openid", "unionid", "qq", "ip",
    "ipaddress", "imei", "idfa", "idfv", "oaid", "mac", "address", "street", "postcode", "zipcode",
    "iban", "bankcard",
})  # fmt: skip
_PAIRS = frozenset({
    "real_name", "full_name", "first_name", "last_name", "family_name", "given_name", "nick_name",
    "user_name", "contact_name", "customer_name", "member_name", "display_name", "legal_name",
    "account_name", "receiver_name", "recipient_name", "id_card", "id_number", "identity_card",
    "identity_number", "bank_card", "card_number", "account_number", "birth_date", "android_id",
    "device_id", "open_id", "union_id", "zip_code", "license_plate", "licence_plate", "user_id",
    "member_id", "customer_id", "buyer_id", "distinct_id",
})  # fmt: skip
_ZH = re.compile(
    "姓名|昵称|名字|邮箱|邮件地址|手机|电话|身份证|证件号|护照|住址"
    "|(收货|家庭|联系|详细|IP) ?地址|^地址$"
    "|微信|银行卡|卡号|车牌|生日|出生日期|收货人|联系人"
)
_OF_USERS = frozenset({"name", "id", "uid", "avatar"})
"""Of an event these name what it is about; of a user they name the user."""
_TOLD_OF = frozenset({
    "opened", "type", "model", "os", "brand", "verified", "version", "count", "campaign", "sent", "subscribed",
    "bound", "domain", "status", "allowed", "enabled", "month", "year", "band", "range", "level", "source",
    "channel", "method", "provider", "carrier", "login", "length",
})  # fmt: skip
"""Where a name ends so it speaks of the thing, not of what stands in it: `phone_model`, `email_verified`."""
_WHETHER = frozenset({"is", "has"})
_ZH_TOLD_OF = re.compile(
    "(类型|型号|品牌|月份|年份|渠道|来源|方式|次数|数量|状态|运营商|等级)$|是否"
)


def looks_personal(of: str, name: str) -> bool:
    """Whether a property of this name usually says who somebody is: `email`, `user.phone`, `realName`, `手机号`."""
    if _ZH.search(name):
        return not _ZH_TOLD_OF.search(name)
    words = [w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]
    if of == "user" and "_".join(words) in _OF_USERS:
        return True
    if not words or words[-1] in _TOLD_OF or words[0] in _WHETHER:
        return False
    pairs = {f"{first}_{second}" for first, second in itertools.pairwise(words)}
    return bool(_WORDS & set(words) or _PAIRS & pairs)


_VALUES = re.compile(
    r"[\w.+-]+@[\w-]+(\.[\w-]+)+|(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}|[1-9]\d{5}(18|19|20)\d{9}[\dXx]"
    r"|(\d{1,3}\.){3}\d{1,3}",
    re.ASCII,
)
"""Mail addresses, mobile numbers and identity cards of China, network addresses."""


def holds_personal(value: Any) -> bool:
    """Whether a value as such says who somebody is, whatever its property is called."""
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    return plain and _VALUES.fullmatch(str(value).strip()[:200]) is not None


@dataclass(frozen=True, slots=True)
class Personal:
    """The properties of a product that say who somebody is."""

    decided: Mapping[Name, bool] = field(default_factory=dict)

    def __contains__(self, name: Name) -> bool:
        of, path = name
        while path:  # what holds for an object holds for what stands in it
            found = self.decided.get((of, path))
            if found is not None:
                return found
            path = path.rpartition(".")[0]
        return looks_personal(*name)
