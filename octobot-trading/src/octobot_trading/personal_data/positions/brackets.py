# SPDX-License-Identifier: Apache-2.0
"""How much margin a venue wants to be kept, by the size of a position.

Source: Binance, "Leverage and Margin of USDⓈ-M Futures": maintenance margin = notional * rate of its bracket -
maintenance amount of its bracket; the amount of a bracket is that of the one before, plus the bracket's floor times the
difference of the two rates, so that the margin has no step where brackets meet.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from octobot_commons.errors import DataError
from octobot_trading.constants import ONE, ZERO
from octobot_trading.exchanges.market import WIDE


@dataclass(frozen=True, slots=True)
class Bracket:
    """One tier: from ``notional_floor`` on, in the settlement asset; ``amount`` is its maintenance amount."""

    notional_floor: Decimal
    notional_cap: Decimal
    maintenance_rate: Decimal
    max_leverage: Decimal
    amount: Decimal


class MaintenanceBrackets:
    """The tiers of one market, by rising notional."""

    def __init__(self, tiers: Iterable[tuple[Decimal, Decimal, Decimal, Decimal]]) -> None:
        """Tiers are (notional floor, notional cap, maintenance margin rate, maximal leverage).

        Raises:
            DataError: they do not follow each other.
        """
        self.brackets: list[Bracket] = []
        amount, last = ZERO, None
        for floor, cap, rate, leverage in tiers:
            bracket_floor = ZERO if last is None else last.notional_cap
            rate_before = rate if last is None else last.maintenance_rate
            if floor != bracket_floor or cap <= floor or rate < rate_before or not ZERO < rate < ONE or leverage < ONE:
                raise DataError(
                    f"bracket {len(self.brackets) + 1} from {floor} to {cap} at {rate} cannot follow the one before",
                    field="leverage brackets",
                    remedy="brackets begin at 0, follow each other and ask for more margin from one to the next",
                )
            amount = WIDE.add(amount, WIDE.multiply(floor, rate - rate_before))
            last = Bracket(floor, cap, rate, leverage, amount)
            self.brackets.append(last)
        if not self.brackets:
            raise DataError("there is no bracket", field="leverage brackets", remedy="give at least one")
        self._floors = [bracket.notional_floor for bracket in self.brackets]

    @classmethod
    def flat(cls, maintenance_rate: Decimal, max_leverage: Decimal) -> MaintenanceBrackets:
        """One bracket for positions of every size, for markets whose brackets are not known."""
        return cls([(ZERO, Decimal("Infinity"), maintenance_rate, max_leverage)])

    @classmethod
    def from_ccxt(cls, tiers: Iterable[Mapping[str, Any]]) -> MaintenanceBrackets:
        """From what ccxt's ``fetch_leverage_tiers`` tells of one market."""
        names = ("minNotional", "maxNotional", "maintenanceMarginRate", "maxLeverage")
        try:
            return cls([tuple(Decimal(str(tier[name])) for name in names) for tier in tiers])  # type: ignore[misc]
        except (KeyError, ArithmeticError) as error:
            raise DataError(
                f"a leverage tier is unusable: {error!r}", field="leverage tiers", remedy="give ccxt's own tiers"
            ) from None

    def bracket_of(self, notional: Decimal) -> Bracket:
        """The tier of a position of this value."""
        return self.brackets[max(0, bisect_right(self._floors, notional) - 1)]

    def maintenance_margin(self, notional: Decimal) -> Decimal:
        """What must be kept for a position of this value."""
        bracket = self.bracket_of(notional)
        return WIDE.subtract(WIDE.multiply(notional, bracket.maintenance_rate), bracket.amount)

    def max_leverage(self, notional: Decimal) -> Decimal:
        """The highest leverage that a position of this value may have."""
        return self.bracket_of(notional).max_leverage

    def max_notional(self, leverage: Decimal) -> Decimal:
        """The largest position that may have this leverage, zero where none may."""
        caps = [bracket.notional_cap for bracket in self.brackets if bracket.max_leverage >= leverage]
        return max(caps, default=ZERO)
