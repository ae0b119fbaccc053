# SPDX-License-Identifier: Apache-2.0
"""The exchange itself: its markets and accounts, which all see the prices that the test tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from octobot_commons.clock import Clock
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.testing.binance.account import TradingAccount
from octobot_trading.testing.binance.keys import ApiKey
from octobot_trading.testing.binance.parameters import Parameters, Refusal
from octobot_trading.testing.binance.tape import BookChange, MarketTape, PublicTrade

#: What Binance takes from accounts of no standing.
USUAL_FEES = FeeModel(Decimal("0.001"), Decimal("0.001"))


class Audience(Protocol):
    """Who is told of what happens."""

    def on_trade(self, tape: MarketTape, trade: PublicTrade) -> None: ...

    def on_book(self, tape: MarketTape, change: BookChange) -> None: ...

    def on_account_event(self, account: TradingAccount, event: dict[str, Any]) -> None: ...


class Venue:
    """Markets by Binance's name, accounts by key.

    Attributes:
        clock_error: how many seconds the exchange's clock is ahead of ``clock``.
        max_orders: how many orders of a pair an account may have open.
    """

    def __init__(self, markets: Iterable[Market], clock: Clock, audience: Callable[[], Audience]) -> None:
        self.clock = clock
        self.clock_error = 0.0
        self.max_orders = 200
        self.tapes = {one.base + one.quote: MarketTape(one.base + one.quote, one) for one in markets}
        self.accounts: dict[str, TradingAccount] = {}
        self._audience = audience
        self._last_order_id = 0

    def now(self) -> float:
        """The exchange's own time, in Unix seconds."""
        return self.clock.now() + self.clock_error

    def now_ms(self) -> int:
        """The same in milliseconds."""
        return round(self.now() * 1000)

    def next_order_id(self) -> int:
        """Ids of orders grow, whoever's they are."""
        self._last_order_id += 1
        return self._last_order_id

    def tape(self, parameters: Parameters) -> MarketTape:
        """The market of the parameter ``symbol``."""
        return self.tape_named(parameters.text("symbol"))

    def tape_named(self, name: str) -> MarketTape:
        """A market by Binance's name, or a refusal."""
        if name not in self.tapes:
            raise Refusal(-1121, "Invalid symbol.")
        return self.tapes[name]

    def add_account(
        self, key: ApiKey, funds: Mapping[str, Decimal], fee_model: FeeModel = USUAL_FEES
    ) -> TradingAccount:
        """Open an account."""
        account = TradingAccount(
            key, funds, fee_model, self, lambda event: self._audience().on_account_event(account, event)
        )
        self.accounts[key.key] = account
        return account

    def trade(self, symbol: str, price: Decimal, quantity: Decimal, taker_side: OrderSide | None = None) -> None:
        """Somebody trades: every account's orders may take part in it, the rest of it is others'.

        Which side took is told by the price before where it is not given.
        """
        tape = self._of(symbol)
        if taker_side is None:
            falls = tape.last_price is not None and price < tape.last_price
            taker_side = OrderSide.SELL if falls else OrderSide.BUY
        printed = tape.printed
        for account in self.accounts.values():
            account.see_trade(tape, price, quantity)
        rest = quantity - (tape.printed - printed)
        if rest > ZERO:
            self.print_trade(tape, price, rest, taker_side is OrderSide.SELL)

    def candle(self, symbol: str, prices: tuple[Decimal, Decimal, Decimal, Decimal], volume: Decimal) -> None:
        """Open, high, low and close are traded now, the extreme that is nearer to the open first."""
        opens, high, low, close = prices
        between = (high, low) if high - opens <= opens - low else (low, high)
        for price in (opens, *between, close):
            self.trade(symbol, price, volume / 4)

    def book(self, symbol: str, bids: Mapping[Decimal, Decimal], asks: Mapping[Decimal, Decimal]) -> None:
        """The order book is now so. It does not fill orders that rest: trades do."""
        tape = self._of(symbol)
        self.tell_book(tape, tape.set_book(bids, asks))

    def print_trade(self, tape: MarketTape, price: Decimal, quantity: Decimal, is_buyer_maker: bool) -> PublicTrade:
        """Let everybody see a trade."""
        trade = tape.print_trade(price, quantity, self.now_ms(), is_buyer_maker)
        self._audience().on_trade(tape, trade)
        return trade

    def tell_book(self, tape: MarketTape, change: BookChange) -> None:
        """Let everybody see what the book has become."""
        self._audience().on_book(tape, change)

    def _of(self, symbol: str) -> MarketTape:
        return self.tapes[symbol.replace("/", "")]
