"""Who is in a sample: decided by a hash of seed and person, the same whenever it is asked."""

from __future__ import annotations

import hashlib


def place(seed: str, person: int) -> float:
    """Where a person stands among all, 0 ≤ place < 1; another seed gives another order."""
    digest = hashlib.sha256(f"{seed}:{person}".encode()).digest()
    # 53 bits: as many as a float holds exactly
    return float((int.from_bytes(digest[:8], "big") >> 11) / 2**53)


def sampled(seed: str, person: int, percent: float) -> bool:
    """Whether the person is in a sample of so many percent. A larger one holds every smaller one."""
    return place(seed, person) * 100 < percent
