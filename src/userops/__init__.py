"""UserOps: the workbench for user operations (用户运营).

`userops.open(path_or_url)` is the Python door: it returns an object whose `query(document)` answers
any analysis document, from a data folder or from a running server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from userops.client import Workspace

__all__ = ["__version__", "open"]
__version__ = "0.1.0"


def open(path_or_url: str, *, token: str | None = None) -> Workspace:  # noqa: A001
    """Open a data folder (`"./userops-data"`) or a running server (`"https://…"`, with `token`)."""
    from userops.client import open_workspace

    return open_workspace(path_or_url, token=token)
