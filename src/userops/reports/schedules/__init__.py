"""Reports on a schedule: built, and sent to whom they are for, once."""

from __future__ import annotations
