"""What tells who a writer is, found in his words and masked: phones, mail addresses, identity and bank cards, places.

Numbers with a check digit count only when it is right, or when the words before them say what they are: identity cards
(GB 11643), bank cards (Luhn, ISO/IEC 7812). Full-width letters, digits and signs are read as the plain ones.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from userops.words import Words

Kind = Literal[
    "email", "id_card", "bank_card", "phone", "passport", "address", "account", "plate", "ip"
]
Style = Literal["partly", "wholly"]
KINDS: dict[Kind, Words] = {
    "email": Words("邮箱", "e-mail"),
    "id_card": Words("身份证号", "identity card"),
    "bank_card": Words("银行卡号", "bank card"),
    "phone": Words("电话", "phone"),
    "passport": Words("证件号", "passport"),
    "address": Words("地址", "address"),
    "account": Words("账号", "account"),
    "plate": Words("车牌", "number plate"),
    "ip": Words("IP 地址", "IP address"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Where it stands in the text."""

    kind: Kind
    start: int
    end: int


_PLAIN = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""One character for one, so that places stay."""


def find_personal(text: str) -> list[Found]:
    """In order, without overlaps. Of two that overlap the kind that is told more surely stays."""
    text = text.translate(_PLAIN)
    taken: list[Found] = []
    for kind, pattern, is_real in _LOOKS:
        for hit in pattern.finditer(text):
            start, end = hit.span(hit.lastgroup or 0)
            free = all(end <= old.start or start >= old.end for old in taken)
            if free and is_real(text[start:end]):
                taken.append(Found(kind, start, end))
    return sorted(taken, key=lambda each: each.start)


def mask(text: str, style: Style = "partly", language: str = "zh") -> str:
    """`partly` leaves what lets a colleague compare (138****5678); `wholly` leaves only the kind ([电话])."""
    parts, at = [], 0
    for each in find_personal(text):
        parts += [
            text[at : each.start],
            _masked(text[each.start : each.end], each.kind, style, language),
        ]
        at = each.end
    return "".join([*parts, text[at:]])


def _masked(value: str, kind: Kind, style: Style, language: str) -> str:
    if style == "wholly" or kind not in _PARTLY:
        return f"[{KINDS[kind].text(language)}]"
    return _PARTLY[kind](value.translate(_PLAIN))


def _ends(head: int, tail: int) -> Callable[[str], str]:
    """The first and last letters and digits stay, the rest becomes stars; what is too short goes whole."""

    def masked(value: str) -> str:
        kept = re.sub(r"[\s()-]", "", value)
        if len(kept) < head + tail + 3:
            return "*" * len(kept)
        return kept[:head] + "*" * (len(kept) - head - tail) + kept[len(kept) - tail :]

    return masked


def _mail(value: str) -> str:
    name, _, place = value.partition("@")
    return f"{name[:1]}***@{place}"


_PARTLY: dict[Kind, Callable[[str], str]] = {
    "phone": _ends(3, 4),
    "email": _mail,
    "bank_card": _ends(0, 4),
    "id_card": lambda value: (_ends(4, 2) if len(value) >= 15 else _ends(0, 4))(value),
    "plate": _ends(2, 1),
}


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_bank_card(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and luhn(digits)


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_id_card(value: str) -> bool:
    month, day = int(value[10:12]), int(value[12:14])
    check = sum(int(digit) * weight for digit, weight in zip(value, _ID_WEIGHTS, strict=False)) % 11
    return 1 <= month <= 12 and 1 <= day <= 31 and value[17].upper() == "10X98765432"[check]


def _is_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _is_international(value: str) -> bool:
    return 8 <= len(re.sub(r"\D", "", value)) <= 15


def _any(_value: str) -> bool:
    return True


_PLACE = r"[\u4e00-\u9fff]"
_ADDRESS_ZH = re.compile(
    rf"(?:{_PLACE}{{2,8}}?(?:省|自治区|特别行政区))?(?:{_PLACE}{{2,8}}?[市州盟])?(?:{_PLACE}{{1,8}}?[区县旗])?"
    rf"(?:{_PLACE}{{1,10}}?(?:街道|镇|乡|开发区))?{_PLACE}{{1,12}}?(?:路|街|道|巷|弄|胡同|大道|村|小区|花园|苑|大厦|广场)"
    rf"(?:{_PLACE}{{0,4}}?\d[-\d]{{0,19}}(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层|门))+(?:[-\d]{{0,20}}(?:室|楼|层|户|门))?"
)
_ADDRESS_EN = re.compile(
    r"\b\d{1,6}\s+(?:[A-Z][\w'.]*\s+){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|"
    r"Way|Place|Pl|Square|Sq|Terrace|Parkway|Pkwy|Highway|Hwy)\b\.?(?:,?\s*(?:Apt|Unit|Suite|Ste|Flat|#)\.?\s*\w+)?"
    r"(?:,\s*[A-Z][A-Za-z ]+)?(?:,?\s*[A-Z]{2}\s*\d{5}(?:-\d{4})?)?"
)
_BEFORE, _AFTER = r"(?<![\d.])", r"(?!\d)"
_MOBILE_ZH = rf"{_BEFORE}(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_AFTER}"
_LANDLINE_ZH = (
    rf"{_BEFORE}(?:\(0\d{{2,3}}\)|（0\d{{2,3}}）|0\d{{2,3}}-)\s?\d{{7,8}}(?:-\d{{1,5}})?{_AFTER}"
)
_INTERNATIONAL = rf"(?<![\w+])\+[1-9]\d{{0,2}}[ .-]?(?:\(\d{{1,4}}\)[ .-]?)?\d{{1,4}}(?:[ .-]?\d{{2,4}}){{1,4}}{_AFTER}"
_NORTH_AMERICA = rf"{_BEFORE}(?:\([2-9]\d{{2}}\)\s?|[2-9]\d{{2}}[-. ])\d{{3}}[-. ]\d{{4}}{_AFTER}"
_PLATE = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[A-HJ-NP-Z][·. ]?[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])"
)
_PASSPORT = (
    r"(?i:护照|通行证|passport)(?i:号码?|\s*(?:no\.?|number))?[:：是为\s]*"
    r"(?P<value>[A-Za-z]{1,2}\d{7,9})"
)
_ACCOUNT = (
    r"(?i:微信号?|QQ号?|wechat(?: id)?)\s*[:：是为]?\s*"
    r"(?P<value>[A-Za-z](?=[\w-]*[\d_-])[\w-]{5,19}|[1-9]\d{4,11})"
)
_MAIL = r"[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_ID_CARD = r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?![\dA-Za-z])"
_CARD = rf"{_BEFORE}\d(?:[ -]?\d){{12,18}}{_AFTER}"
_SAID = r"(?:号码?|\s*(?:no\.?|numbers?))?(?:\s*(?:is|是|为|[:：#]))*\s*"
_ID_CARD_SAID = (
    rf"(?i:身份证|证件|(?:id|identity)\s?card){_SAID}"
    r"(?P<value>[1-9]\d{5}[ -]?\d{6,8}[ -]?\d{2,3}[\dXx])(?![\dA-Za-z])"
)
_CARD_SAID = (
    rf"(?i:银行卡|信用卡|储蓄卡|借记卡|卡号|(?:bank|credit|debit)\s?card){_SAID}"
    rf"(?P<value>\d(?:[ -]?\d){{11,18}}){_AFTER}"
)
_SOCIAL = r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])"
_IP = r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
_LOOKS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("email", re.compile(_MAIL), _any),
    ("id_card", re.compile(_ID_CARD), _is_id_card),
    ("id_card", re.compile(_ID_CARD_SAID), _any),
    ("id_card", re.compile(_SOCIAL), _any),
    ("bank_card", re.compile(_CARD_SAID), _any),
    ("phone", re.compile(_MOBILE_ZH), _any),
    ("phone", re.compile(_LANDLINE_ZH), _any),
    ("phone", re.compile(_INTERNATIONAL), _is_international),
    ("phone", re.compile(_NORTH_AMERICA), _any),
    ("bank_card", re.compile(_CARD), _is_bank_card),
    ("ip", re.compile(_IP), _is_ip),
    ("plate", re.compile(_PLATE), _any),
    ("passport", re.compile(_PASSPORT), _any),
    ("account", re.compile(_ACCOUNT), _any),
    ("address", _ADDRESS_ZH, _any),
    ("address", _ADDRESS_EN, _any),
)
"""In the order of how surely they are told. A group named `value` is the part that is masked."""
