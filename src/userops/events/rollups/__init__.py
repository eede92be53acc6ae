"""Who was active on which day, counted once and kept as bitmaps: the days of `active_users`.

A day counts from its rollup only while nothing has changed it since: every change of a day's events or of
who they belong to *touches* it, in the transaction that makes the change count, and a touched day is read
from its events until it is built anew. So a rollup is never wrong; at worst it is not there.

- `touching.py`: what marks days as changed.
- `building.py`: counts days and lets them count.
- `reading.py`: what is there, as counts and as sets.
- `verifying.py`: compares it with a recomputation.
"""
