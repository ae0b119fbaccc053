# SPDX-License-Identifier: Apache-2.0
"""Resampling one candle after the other, as one would explain it."""

from __future__ import annotations

from octobot_commons.time_frame_manager import bucket_end, bucket_start

Candle = tuple[float, float, float, float, float, float]


def resample(candles: list[Candle], source: str, target: str) -> tuple[list[Candle], int]:
    """The complete longer candles, and how many incomplete ones were left out."""
    buckets: dict[float, list[Candle]] = {}
    for candle in candles:
        buckets.setdefault(bucket_start(candle[0], target), []).append(candle)
    longer = []
    incomplete = 0
    for start, parts in buckets.items():
        is_cut = parts[0] is candles[0] and parts[0][0] != start
        is_unfinished = parts[-1] is candles[-1] and bucket_end(parts[-1][0], source) != bucket_end(start, target)
        if is_cut or is_unfinished:
            incomplete += 1
            continue
        volume = 0.0
        for part in parts:
            volume += part[5]
        high = max(part[2] for part in parts)
        low = min(part[3] for part in parts)
        longer.append((start, parts[0][1], high, low, parts[-1][4], volume))
    return longer, incomplete
