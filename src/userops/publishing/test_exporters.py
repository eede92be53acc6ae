from __future__ import annotations

import pytest

from userops.publishing.exporters import EXPORTERS
from userops.publishing.sample import publication


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", list(EXPORTERS))
def test_a_rich_report_is_written(name: str, language: str) -> None:
    made = EXPORTERS[name].write(publication(language))
    assert len(made) > 50_000
