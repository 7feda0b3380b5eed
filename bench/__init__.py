"""Benchmarks beside named peers, in the same run: `python -m bench [NAME ...] [--json]`.

A module of this package that has `measure()` is a benchmark; it gives `report.Row`s. Absolute times drift with the
machine, so what counts in a row is the ratio between ours and the peer's, and its limit. Of several rounds the best
counts, for both sides: what is slower was slowed by something else.
"""
