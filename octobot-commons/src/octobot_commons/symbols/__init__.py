# SPDX-License-Identifier: Apache-2.0
"""Trading pairs and contracts."""

from __future__ import annotations

from octobot_commons.symbols.symbol import Symbol
from octobot_commons.symbols.symbol_util import is_symbol, merge_currencies, parse_symbol

__all__ = ["Symbol", "is_symbol", "merge_currencies", "parse_symbol"]
