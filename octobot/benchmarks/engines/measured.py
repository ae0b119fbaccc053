# SPDX-License-Identifier: Apache-2.0
"""What every engine here shares: the work in numbers, and how a run reports itself. Standard library only.

The work: on each closed candle update EMA(10) and EMA(20) of the closes, both started at the first close; from the
20th candle on buy a fixed amount at market when the fast one is above the slow one and nothing is held, and sell it
when the fast one is below and it is held. Orders fill at the next candle's open, fees are 0.1 %.
"""

import json
import platform
import resource
import sys
import time
from importlib import metadata

FAST, SLOW, WARM_UP = 10, 20, 20
FAST_WEIGHT, SLOW_WEIGHT = 2 / (FAST + 1), 2 / (SLOW + 1)
AMOUNT = "0.01"
FEE = 0.001


class Stopwatch:
    """CPU seconds of this process, one figure per phase: neighbours on a shared machine do not count."""

    def __init__(self):
        self.seconds = {}
        self._begin = time.process_time()

    def lap(self, phase):
        now = time.process_time()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self._begin
        self._begin = now


def version_of(distribution):
    return metadata.version(distribution)


def report(stopwatch, candles, fills, engine):
    """Print one line of JSON, the last of the output."""
    result = {
        "engine": engine,
        "python": platform.python_version(),
        "candles": candles,
        "fills": fills,
        "seconds": stopwatch.seconds,
        "peak_rss_mb": peak_rss_mb(),
    }
    print(json.dumps(result))


def peak_rss_mb():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return _peak_rss_of_getrusage()


def _peak_rss_of_getrusage():
    # Where there is no /proc. On Linux it would count the process that started this one, too.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
