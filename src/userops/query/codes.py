"""Words for values that the product itself writes into facts about users: codes in documents, words on pages."""

from __future__ import annotations

from userops.words import Words

LIFECYCLE: dict[str, Words] = {
    "$new": Words("新增", "New"),
    "$returning": Words("留存", "Returning"),
    "$resurrected": Words("回流", "Resurrected"),
    "$dormant": Words("流失", "Dormant"),
    "$inactive": Words("沉默", "Inactive"),
}
RFM: dict[str, Words] = {
    "$key_value": Words("重要价值", "Key · core"),
    "$key_develop": Words("重要发展", "Key · develop"),
    "$key_keep": Words("重要保持", "Key · keep"),
    "$key_win_back": Words("重要挽留", "Key · win back"),
    "$general_value": Words("一般价值", "General · active"),
    "$general_develop": Words("一般发展", "General · develop"),
    "$general_keep": Words("一般保持", "General · keep"),
    "$general_win_back": Words("一般挽留", "General · win back"),
}
YES: dict[str, Words] = {"$yes": Words("是", "Yes")}
"""Of a tag without values: it is on."""
CODES: dict[str, Words] = {**LIFECYCLE, **RFM, **YES}


def code_words(value: str) -> Words:
    """A value as people read it: the words of a code, any other value itself."""
    return CODES.get(value) or Words(value, value)
