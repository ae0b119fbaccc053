# SPDX-License-Identifier: Apache-2.0
"""Liquidates positions whose margin is used up.

An isolated position is liquidated when its margin and unrealised profit no longer cover its maintenance margin, all
cross positions of a settlement asset when the wallet (but for isolated margins) and their unrealised profit no longer
cover theirs. A liquidated position is taken over at its bankruptcy price: its owner loses the whole margin, the venue's
insurance fund gets what is left of it or pays what is missing (BitMEX, "Liquidation"; Binance returns a rest less a
clearance fee, which is not counted on here). What is missing is recorded as a bankruptcy.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.exchanges.simulated.contract_account import ContractAccount
from octobot_trading.personal_data.positions import contracts
from octobot_trading.personal_data.positions.liquidation import Exposure, liquidation_price
from octobot_trading.personal_data.positions.position import Position


@dataclass(frozen=True, slots=True)
class Liquidation:
    """What became of one position: ``lost`` of margin (negative for a gain of one that went with others), and what was
    ``missing`` beyond it, in the settlement asset."""

    symbol: str
    quantity: Decimal
    price: Decimal
    asset: str
    lost: Decimal
    missing: Decimal
    time: float


class Liquidator:
    """Watches the positions of one account."""

    def __init__(self, account: ContractAccount) -> None:
        self._account = account
        self.liquidations: list[Liquidation] = []

    def due(self) -> list[Position]:
        """The positions that must be liquidated at their present mark prices."""
        isolated = [
            one for one in self._account.positions if one.is_isolated and self._is_due([one], one.isolated_margin)
        ]
        cross = []
        for asset, positions in self._cross().items():
            if self._is_due(positions, self._account.cross_wallet(asset)):
                cross += positions
        return isolated + cross

    def liquidate(self, positions: Sequence[Position], time: float) -> list[Liquidation]:
        """Take positions over; the account loses their margin."""
        # Those with a profit first: it is there for the others.
        ordered = sorted(positions, key=_profit, reverse=True)
        last_of_asset = {one.market.settlement: one for one in ordered if not one.is_isolated}
        done = []
        for position in ordered:
            asset = position.market.settlement
            if position.is_isolated:
                margin = position.isolated_margin
            elif position is last_of_asset[asset]:
                margin = self._account.cross_wallet(asset)
            else:
                margin = min(self._account.cross_wallet(asset), -position.unrealised_pnl)
            done.append(self._take_over(position, margin, time))
        self.liquidations += done
        return done

    def snapshot(self, position: Position) -> Position:
        """A copy of a position that knows its liquidation price and margin ratio."""
        snapshot = copy(position)
        if position.is_open:
            snapshot.liquidation_price = _shown(self.liquidation_price(position))
            snapshot.margin_ratio = _shown(self.margin_ratio(position))
        return snapshot

    def liquidation_price(self, position: Position) -> Decimal | None:
        """The mark price at which a position is liquidated, the others staying where they are; None for none."""
        brackets = self._account.positions.brackets_of(position.market.symbol)
        if position.is_isolated:
            own = [Exposure(position.quantity, position.entry_price)]
            return liquidation_price(position.market, own, brackets, position.isolated_margin)
        asset, symbol = position.market.settlement, position.market.symbol
        cross = self._cross().get(asset, [])
        same = [one for one in cross if one.market.symbol == symbol]
        others = [one for one in cross if one.market.symbol != symbol]
        return liquidation_price(
            position.market,
            [Exposure(one.quantity, one.entry_price) for one in same],
            brackets,
            self._account.cross_wallet(asset),
            sum((self.maintenance_margin(one) for one in others), ZERO),
            sum((one.unrealised_pnl for one in others), ZERO),
        )

    def margin_ratio(self, position: Position) -> Decimal | None:
        """Maintenance margin over equity: 1 liquidates; None without equity."""
        if position.is_isolated:
            equity = position.isolated_margin + position.unrealised_pnl
            return contracts.margin_ratio(self.maintenance_margin(position), equity)
        asset = position.market.settlement
        positions = self._cross().get(asset, [])
        kept = sum((self.maintenance_margin(one) for one in positions), ZERO)
        return contracts.margin_ratio(kept, self._equity(positions, self._account.cross_wallet(asset)))

    def maintenance_margin(self, position: Position) -> Decimal:
        """What a position must keep at its mark price."""
        return self._account.positions.brackets_of(position.market.symbol).maintenance_margin(position.value)

    def _cross(self) -> dict[str, list[Position]]:
        by_asset: dict[str, list[Position]] = {}
        for position in self._account.positions:
            if not position.is_isolated:
                by_asset.setdefault(position.market.settlement, []).append(position)
        return by_asset

    def _is_due(self, positions: Sequence[Position], wallet: Decimal) -> bool:
        kept = sum((self.maintenance_margin(one) for one in positions), ZERO)
        return self._equity(positions, wallet) <= kept

    @staticmethod
    def _equity(positions: Sequence[Position], wallet: Decimal) -> Decimal:
        return wallet + sum((one.unrealised_pnl for one in positions), ZERO)

    def _take_over(self, position: Position, margin: Decimal, time: float) -> Liquidation:
        account, market = self._account, position.market
        quantity, profit = position.quantity, position.unrealised_pnl
        price = contracts.bankruptcy_price(market, quantity, position.entry_price, margin) or position.price
        position.realised_pnl -= margin
        position.close()
        account.positions.changed(position)
        missing = max(ZERO, -profit - margin)
        account.settle(market.settlement, -margin - missing, margin, time)
        return Liquidation(market.symbol, quantity, price, market.settlement, margin, missing, time)


def _shown(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(contracts.ENTRY_PRICE_STEP, context=WIDE)


def _profit(position: Position) -> Decimal:
    return position.unrealised_pnl
