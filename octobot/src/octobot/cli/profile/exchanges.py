# SPDX-License-Identifier: Apache-2.0
"""The names of exchanges, for checks."""

from __future__ import annotations

from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry
from octobot_trading.collecting import AbstractCollector


def known_exchanges(registry: TentacleRegistry) -> frozenset[str] | None:
    """What the installed collectors reach; None where there are none, as nothing is known then."""
    classes = [info.load() for info in registry.by_kind(TentacleKind.COLLECTOR)]
    names = [name for one in classes if issubclass(one, AbstractCollector) for name in one.get_exchange_names()]
    return frozenset(names) or None
