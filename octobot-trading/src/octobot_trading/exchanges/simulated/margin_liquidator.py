# SPDX-License-Identifier: Apache-2.0
"""Liquidates a margin account whose assets hardly cover its debts.

Source: Binance, "Margin Level and Margin Call": at a margin level of 1.1 all assets are liquidated to pay back loans
and interest; "Margin Liquidation Fees" (2024-08-12): 2 % of the liquidated assets with cross margin. What the proceeds
do not repay is recorded as a bankruptcy, as the venue's insurance fund pays it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market
from octobot_trading.exchanges.simulated.margin_account import MarginAccount
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill


class MarginLiquidator:
    """Watches the margin level of one account.

    Attributes:
        liquidation_level: at which, and below, the account is liquidated.
        fee_rate: of what is sold, or bought back.
    """

    def __init__(self, account: MarginAccount) -> None:
        self.liquidation_level = Decimal("1.1")
        self.fee_rate = Decimal("0.02")
        #: When the account was liquidated.
        self.liquidation_times: list[float] = []
        self._account = account
        self._last = 0

    def is_due(self) -> bool:
        """Whether the account must be liquidated at the prices that are looked at."""
        level = self._account.value.margin_level()
        return level is not None and level <= self.liquidation_level

    def liquidate(self, markets: Sequence[Market], time: float) -> list[Fill]:
        """Sell what has a market with the reference asset, repay, and buy back what else is owed.

        The account's orders have ended before.

        Returns:
            What was traded, at the prices that are looked at.
        """
        self.liquidation_times.append(time)
        account, reference = self._account, self._account.value.reference
        for asset in account.loans.assets():
            account.repay(asset, time)
        fills = []
        for asset, total in account.portfolio.totals().items():
            if asset != reference and total:
                fills += self._exchange(_market_of(markets, asset, reference), asset, reference, total, time)
        account.repay(reference, time)
        for asset in account.loans.assets():
            if asset != reference:
                fills += self._buy_back(_market_of(markets, asset, reference), asset, reference, time)
            account.go_bankrupt(asset, time)
        return fills

    def _buy_back(self, market: Market | None, asset: str, reference: str, time: float) -> list[Fill]:
        rate = self._account.value.rate(asset)
        if market is None or rate is None:
            return []
        owed = self._account.loans.owed(asset, time)
        # One step more than a division says: what comes in is rounded down.
        spent = _up(WIDE.multiply(owed, rate)) + ASSET_STEP
        # One step less: the fee is rounded up.
        most = _down(WIDE.divide(self._account.portfolio.available(reference), ONE + self.fee_rate)) - ASSET_STEP
        return self._exchange(market, reference, asset, min(spent, most), time, owed)

    def _exchange(
        self, market: Market | None, given: str, taken: str, amount: Decimal, time: float, most: Decimal | None = None
    ) -> list[Fill]:
        """Give an amount of one asset for another one, of which no more than ``most`` is needed."""
        price = None if market is None else self._account.value.price_of(market.base, market.quote)
        if market is None or price is None:
            return []
        if amount <= ZERO:
            return []
        if given == market.base:
            side, quantity = OrderSide.SELL, amount
        else:
            side, quantity = OrderSide.BUY, _down(WIDE.divide(amount, price))
            quantity = quantity if most is None else min(quantity, most)
        if quantity <= ZERO:
            return []
        fill = self._fill(market, side, quantity, price, time)
        self._account.apply(fill, market, OrderRequest(market.symbol, side, OrderType.MARKET, quantity))
        return [fill]

    def _fill(self, market: Market, side: OrderSide, quantity: Decimal, price: Decimal, time: float) -> Fill:
        reference = self._account.value.reference
        cost = market.cost_of(quantity, price)
        self._last += 1
        name = f"liquidation-{self._last}"
        return Fill(
            fill_id=name,
            order_id=name,
            symbol=market.symbol,
            side=side,
            quantity=quantity,
            price=price,
            cost=cost,
            fee=_up(WIDE.multiply(cost if market.quote == reference else quantity, self.fee_rate)),
            fee_asset=reference,
            taker_or_maker="taker",
            time=time,
        )


def _market_of(markets: Iterable[Market], asset: str, reference: str) -> Market | None:
    pairs = ((asset, reference), (reference, asset))
    return next((one for one in markets if (one.base, one.quote) in pairs), None)


def _down(amount: Decimal) -> Decimal:
    return amount.quantize(ASSET_STEP, ROUND_FLOOR, WIDE)


def _up(amount: Decimal) -> Decimal:
    return amount.quantize(ASSET_STEP, ROUND_CEILING, WIDE)
