# SPDX-License-Identifier: Apache-2.0
"""What can be said against a profile's tentacles by running it again on other data.

look_ahead   notes that depend on what was not known     warmup      how much history notes need
cuts         where the data are cut                      futures     what comes after a cut
tasks        what one process runs                       processes   starts them
worker       such a process                              recorder    looks at its run
watch        and at what its tentacles do                wall_clock  another time of day
records      what came of a run                          differences between two of them
findings     what is said                                text        and how
"""

from octobot.verify.findings import Finding, FindingKind
from octobot.verify.look_ahead import LookAheadOptions, LookAheadReport, verify_look_ahead
from octobot.verify.warmup import Need, WarmupOptions, WarmupReport, verify_warmup

__all__ = [
    "Finding",
    "FindingKind",
    "LookAheadOptions",
    "LookAheadReport",
    "Need",
    "WarmupOptions",
    "WarmupReport",
    "verify_look_ahead",
    "verify_warmup",
]
