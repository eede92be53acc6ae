from __future__ import annotations

import pytest
from django.utils import translation

from userops.insights.templatetags.builder import cell, is_numeric


@pytest.mark.parametrize(
    ("type_", "language", "text"),
    [("money:CNY", "zh-hans", "¥497,449"), ("money:CNY", "en", "CN¥497,449"),
     ("money:GBP", "en", "£497,449"), ("money", "zh-hans", "¥497,449")],
)  # fmt: skip
def test_money_reads_in_its_currency(type_, language, text):
    with translation.override(language):
        assert cell(497_448.571_838, type_) == text
        assert cell(None, type_) == cell(None, "number")
    assert is_numeric(type_)


def test_what_is_no_currency_is_no_number():
    assert not is_numeric("money:none") and not is_numeric("moneys")
