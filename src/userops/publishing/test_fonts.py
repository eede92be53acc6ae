"""A machine without any font of its own still prints Chinese."""

from __future__ import annotations

import pytest

from userops.publishing import fonts, pdf
from userops.publishing.charts import picture
from userops.publishing.sample import answers, publication
from userops.publishing.test_readers import pdf_text


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> fonts.Typesetter:
    """A typesetter that sees no font of the machine."""
    made = fonts.Typesetter(system=False)
    monkeypatch.setattr(pdf, "typesetter", lambda: made)
    return made


def test_chinese_without_system_fonts(bare: fonts.Typesetter) -> None:
    assert not bare.bold, "bold is feigned then"
    words = pdf_text(pdf.write(publication()))
    assert "用户分析报告" in words and "一页结论" in words


def test_pictures_without_system_fonts(bare: fonts.Typesetter) -> None:
    drawn = picture(answers()["rfm"]["charts"]["zh"], "zh")
    with_all = fonts.typesetter().picture(drawn.svg, drawn.width, 96, "zh")
    without = bare.picture(drawn.svg, drawn.width, 96, "zh")
    # empty boxes in place of characters would be much smaller
    assert abs(len(without) - len(with_all)) < 0.1 * len(with_all)
