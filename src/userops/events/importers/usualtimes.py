"""Reads the usual layout of times, `2026-01-31 23:59:59.123456Z`, from their bytes: a column at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from userops.events.texts import byte_rows

WIDTHS = range(19, 28)
"""From whole seconds without a zone to microseconds with a `Z`."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_LONGEST = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_PARTS = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))
_SIGNS = ((4, b"-"), (7, b"-"), (10, b"T "), (13, b":"), (16, b":"))
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Usual:
    """For each text whether it was `read`, and then its microseconds and whether it ended in `Z`."""

    us: pl.Series
    read: pl.Series
    zoned: pl.Series


def read_usual(texts: pl.Series) -> Usual:
    """Nothing is guessed: a text in another layout, or that names no real instant, is not read."""
    count = len(texts)
    us = np.zeros(count, np.int64)
    read, zoned = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    widths = texts.str.len_bytes().fill_null(0).to_numpy()
    for width in np.unique(widths).tolist():
        if width in WIDTHS:
            places = np.flatnonzero(widths == width)
            here = texts if len(places) == count else texts.gather(places)
            us[places], read[places], zoned[places] = _read(byte_rows(here, width), width)
    valid = pl.Series(read)
    return Usual(
        pl.Series(us).zip_with(valid, pl.Series([None], dtype=pl.Int64)), valid, pl.Series(zoned)
    )


def _read(rows: Bytes, width: int) -> tuple[Numbers, Flags, Flags]:
    digits = rows - np.uint8(ord("0"))
    zoned = rows[:, -1] == ord("Z")
    good = np.ones(len(rows), np.bool_)
    for place, signs in _SIGNS:
        good &= np.isin(rows[:, place], np.frombuffer(signs, np.uint8))
    numbers = []
    for first, end in _PARTS:
        good &= (digits[:, first:end] < 10).all(axis=1)
        numbers.append(_number(digits[:, first:end]))
    year, month, day, hour, minute, second = numbers
    fraction, fraction_good = _fraction(rows, digits, zoned, width)
    good &= fraction_good & (year >= _FIRST_YEAR) & (year <= _LAST_YEAR)
    good &= (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _LONGEST[np.where(good, month, 0)]
    good &= day <= np.where((month == 2) & ~leap, 28, longest)
    seconds = ((_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
    return seconds * 1_000_000 + fraction, good, zoned & good


def _fraction(rows: Bytes, digits: Bytes, zoned: Flags, width: int) -> tuple[Numbers, Flags]:
    """Microseconds behind the second, and whether what stands there is right."""
    if width == 19:
        return np.zeros(len(rows), np.int64), ~zoned
    plain, good_plain = _after_dot(rows, digits, width)
    marked, good_marked = _after_dot(rows, digits, width - 1)
    return np.where(zoned, marked, plain), np.where(zoned, good_marked, good_plain)


def _after_dot(rows: Bytes, digits: Bytes, end: int) -> tuple[Numbers, Flags]:
    if end == 19:
        return np.zeros(len(rows), np.int64), np.ones(len(rows), np.bool_)
    count = end - 20
    if not 1 <= count <= 6:
        return np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
    part = digits[:, 20:end]
    return _number(part) * 10 ** (6 - count), (rows[:, 19] == ord(".")) & (part < 10).all(axis=1)


def _number(digits: Bytes) -> Numbers:
    value = np.zeros(len(digits), np.int64)
    for place in range(digits.shape[1]):
        value = value * 10 + digits[:, place]
    return value


def _days(year: Numbers, month: Numbers, day: Numbers) -> Numbers:
    """Days since 1970-01-01 of a day of the Gregorian calendar, counted in years that begin in March."""
    year = year - (month <= 2)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return year * 365 + year // 4 - year // 100 + year // 400 + day_of_year - 719_468
