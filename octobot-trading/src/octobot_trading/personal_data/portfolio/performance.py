# SPDX-License-Identifier: Apache-2.0
"""Follows what an exchange account is worth and what it earns."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_commons.clock import Handle
from octobot_commons.errors import SettingError
from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.account_events import AccountEvents
from octobot_trading.personal_data.portfolio.profitability import Profitability, ProfitabilityFigures
from octobot_trading.personal_data.portfolio.value import rates_in, value_at
from octobot_trading.personal_data.portfolio.value_history import ValueHistory
from octobot_trading.personal_data.transactions.transaction import CAPITAL_FLOWS, Transaction

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

#: How long after each other first prices are looked for: at first, and at last.
_FIRST_LOOK_SECONDS, _LAST_LOOK_SECONDS = 60.0, 86400.0


class PortfolioPerformance:
    """Value history and profitability of one exchange's account, in its reference market, at last prices.

    ``refresh`` whenever balances or prices have changed: it records the value, and sends on the BalanceProfitability
    channel where the figures are others than those sent last. ``record_every`` does so by the clock.
    """

    def __init__(self, exchange_manager: ExchangeManager) -> None:
        self.history = ValueHistory()
        self._exchange_manager = exchange_manager
        self._events = AccountEvents(exchange_manager)
        self._profitability: Profitability | None = None
        self._sent: ProfitabilityFigures | None = None
        self._timer: Handle | None = None
        self._learner: Handle | None = None

    def start(self) -> None:
        """Take the present balances as the starting portfolio, and forget everything before.

        Until every followed symbol has a price it looks for first prices, at least once a day.
        """
        self.stop()
        manager = self._exchange_manager
        self.history = ValueHistory()
        self._profitability = Profitability(manager.portfolio.totals(), manager.symbols)
        self._sent = None
        self._learner = manager.clock.call_at(manager.clock.now(), self._learn, _FIRST_LOOK_SECONDS)

    @property
    def is_followed(self) -> bool:
        """Whether it is worth refreshing at each change: always live, in a backtest where somebody listens."""
        return not self._exchange_manager.is_backtesting or self._events.has_profitability_listeners

    def value(self) -> Decimal:
        """The account's value now; assets without a price count nothing."""
        return self._value_at(self._rates(self._prices()))

    def known_value(self) -> tuple[Decimal, tuple[str, ...]]:
        """``value``, and the held assets of followed symbols that it leaves out because no price of them is known."""
        manager, rates = self._exchange_manager, self._rates(self._prices())
        traded = {asset for symbol in manager.symbols_data for asset in symbol.replace(":", "/").split("/")}
        held = {asset for asset, total in manager.portfolio.totals().items() if total}
        held |= {position.market.settlement for position in manager.positions_manager.get_positions()}
        return self._value_at(rates), tuple(sorted((held & traded) - rates.keys()))

    def refresh(self) -> ProfitabilityFigures:
        """Record the value now, tell who listens, and return the figures."""
        prices = self._prices()
        rates = self._rates(prices)
        value = self._value_at(rates)
        self.history.record(self._exchange_manager.clock.now(), value)
        figures = self._started().figures(value, rates, prices)
        if figures != self._sent:
            self._sent = figures
            self._events.send_profitability(figures)
        return figures

    def record_flow(self, transaction: Transaction) -> None:
        """Take a deposit, withdrawal or transfer out of the profit; others change nothing.

        Call it when the balance has changed, before prices do.
        """
        if transaction.kind in CAPITAL_FLOWS:
            rates = self._rates(self._prices())
            value = self._value_at(rates)
            self._started().add_flow(transaction.asset, transaction.amount, value, rates)
            flow = WIDE.multiply(transaction.amount, rates.get(transaction.asset, ZERO))
            self._exchange_manager.protections.on_flow(WIDE.subtract(value, flow), value)
            self.refresh()

    def record_every(self, interval_seconds: float) -> None:
        """Refresh at intervals of the exchange's clock, until ``stop``; a second call replaces the first.

        Raises:
            SettingError: the interval is not positive.
        """
        if not 0 < interval_seconds < float("inf"):
            raise SettingError(f"values cannot be recorded every {interval_seconds} seconds", field="interval_seconds")
        self._end_timer()
        clock = self._exchange_manager.clock

        def tick() -> None:
            self._timer = clock.call_at(clock.now() + interval_seconds, tick)
            self.refresh()

        self._timer = clock.call_at(clock.now() + interval_seconds, tick)

    def stop(self) -> None:
        """End what runs by the clock."""
        self._end_timer()
        if self._learner is not None:
            self._learner.cancel()
            self._learner = None

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _learn(self, delay_seconds: float) -> None:
        prices = self._prices()
        if any(price is not None for price in prices.values()):
            self._started().learn(self._rates(prices), prices)
        if any(price is None for price in prices.values()):
            clock, next_delay = self._exchange_manager.clock, min(2 * delay_seconds, _LAST_LOOK_SECONDS)
            self._learner = clock.call_at(clock.now() + delay_seconds, self._learn, next_delay)

    def _started(self) -> Profitability:
        if self._profitability is None:
            self.start()  # an exchange that was never initialized
        assert self._profitability is not None
        return self._profitability

    def _prices(self) -> dict[str, Decimal | None]:
        return {symbol: data.last_price for symbol, data in self._exchange_manager.symbols_data.items()}

    def _rates(self, prices: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
        return rates_in(self._exchange_manager.reference_market, prices)

    def _value_at(self, rates: Mapping[str, Decimal]) -> Decimal:
        manager = self._exchange_manager
        return WIDE.add(value_at(manager.portfolio.totals(), rates), manager.open_profit(rates))
