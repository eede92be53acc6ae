"""The chart: a line per question, a mark per side, milliseconds on a logarithmic axis. Plain SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

SIDES = (
    ("floor_ms", "floor", "#9aa0a6", "M-1,-8V8"),
    ("pandas_ms", "pandas", "#8f7ee7", "M-5,-5L5,5M-5,5L5,-5"),
    ("duckdb_ms", "DuckDB", "#e0a100", "M-5,-5H5V5H-5Z"),
    ("posthog_shape_ms", "PostHog shape", "#d4583b", "M0,-6L6,5H-6Z"),
    ("userops_ms", "UserOps", "#206bc4", "M-6,0A6,6 0 1,0 6,0A6,6 0 1,0 -6,0Z"),
)
LEFT, RIGHT, TOP, ROW, WIDTH = 190, 30, 70, 34, 900


def svg(size: Mapping[str, Any]) -> str:
    questions = size["questions"]
    found = (entry.get(key) for entry in questions.values() for key, *_ in SIDES)
    values = [each for each in found if each] or [1.0]
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values)))
    height = TOP + ROW * len(questions) + 40

    def across(ms: float) -> float:
        return LEFT + (math.log10(ms) - low) / max(high - low, 1) * (WIDTH - LEFT - RIGHT)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
        ' font-family="system-ui, sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        '<text x="16" y="26" font-size="16" font-weight="600" fill="#182433">',
        f"Milliseconds of each question, {size['events']:,} events (logarithmic, less is better)</text>",
        *_legend(),
    ]
    bottom = TOP + ROW * len(questions)
    for power in range(low, high + 1):
        x = across(10**power)
        label = f"{10**power:g} ms" if power < 3 else f"{10 ** (power - 3):g} s"
        parts.append(f'<path d="M{x:.1f},{TOP - 8}V{bottom}" stroke="#e6e8eb"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle" fill="#667382">{label}</text>'
        )
    for place, (name, entry) in enumerate(questions.items()):
        y = TOP + ROW * place + ROW / 2
        parts.append(f'<text x="{LEFT - 14}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<path d="M{LEFT},{y}H{WIDTH - RIGHT}" stroke="#f1f3f5"/>')
        parts += [
            _mark(across(entry[key]), y, colour, shape, f"{label}: {entry[key]:.3g} ms")
            for key, label, colour, shape in SIDES
            if entry.get(key)
        ]
    return "\n".join([*parts, "</svg>\n"])


def _mark(x: float, y: float, colour: str, shape: str, title: str) -> str:
    return (
        f'<path transform="translate({x:.1f},{y:.1f})" d="{shape}" fill="{colour}" fill-opacity="0.85"'
        f' stroke="{colour}" stroke-width="2"><title>{escape(title)}</title></path>'
    )


def _legend() -> list[str]:
    parts = []
    for place, (_key, label, colour, shape) in enumerate(reversed(SIDES)):
        x = 24 + place * 130
        parts.append(_mark(x, 48, colour, shape, label))
        parts.append(f'<text x="{x + 12}" y="52" fill="#182433">{label}</text>')
    return parts
