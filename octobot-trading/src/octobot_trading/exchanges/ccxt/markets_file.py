# SPDX-License-Identifier: Apache-2.0
"""The list of an exchange's markets on the disk: loading it takes requests, and most of a second on a large one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from octobot_commons.atomic_file import atomic_file

#: After which the list is asked for again, as markets and their rules change.
LIFETIME_SECONDS: Final = 86_400.0


class MarketsFile:
    """One exchange's list, as one version of ccxt has made it. A file that cannot be used is as none."""

    def __init__(self, folder: Path, name: str, ccxt_version: str) -> None:
        self.path = folder / f"{name}.json"
        self._version = ccxt_version

    def read(self, symbols: Iterable[str], now: float) -> tuple[list[Any], dict[str, Any]] | None:
        """Markets and currencies; None where they are too old, another version's, or lack one of the symbols."""
        try:
            content = json.loads(self.path.read_bytes())
            markets, currencies = content["markets"], content["currencies"]
            is_usable = content["ccxt"] == self._version and 0 <= now - content["time"] < LIFETIME_SECONDS
            known = {market["symbol"] for market in markets}
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (markets, currencies) if is_usable and known.issuperset(symbols) else None

    def write(self, markets: Iterable[Any], currencies: Any, now: float) -> None:
        """Keep a list."""
        content = {"ccxt": self._version, "time": now, "currencies": currencies, "markets": list(markets)}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(self.path, overwrite=True) as part:
            part.write_text(json.dumps(content, default=str))
