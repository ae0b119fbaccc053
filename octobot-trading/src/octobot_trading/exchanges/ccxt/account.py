# SPDX-License-Identifier: Apache-2.0
"""What happens to an account, by asking for it: at the start, from time to time, and after whatever was lost."""

from __future__ import annotations

from octobot_commons.logging import get_logger
from octobot_trading.exchanges.ccxt.exchange import CcxtExchange

#: How far before an order fills are asked for: clocks differ.
_MARGIN_SECONDS = 60.0


class CcxtAccount:
    """Brings what the bot knows of its orders and balances in step with what the exchange says.

    Only orders that the bot follows are asked about; those of others are listed and left alone.
    """

    def __init__(self, exchange: CcxtExchange) -> None:
        self._exchange = exchange
        self._started = exchange.connection.clock.now()
        #: Orders of which the exchange says that it knows nothing: not visible yet, or from another account.
        self.unknown: set[str] = set()
        self._logger = get_logger(f"{type(self).__name__}[{exchange.name}]")

    async def refresh(self) -> None:
        """Ask for open orders, for how those ended that are open no more, for their fills, then for balances.

        Raises:
            OctoBotError: the exchange cannot be asked now; what was told before that has been taken in.
        """
        exchange, reports = self._exchange, self._exchange.reports
        followed = reports.open_orders()
        listed = {report.order_id: report for report in await exchange.fetch_open_reports()}
        for order_id, symbol in followed.items():
            report = listed.get(order_id) or await exchange.fetch_report(order_id, symbol)
            if report is not None:
                self.unknown.discard(order_id)
                reports.see_order(report)
            elif order_id not in self.unknown:
                self.unknown.add(order_id)
                self._logger.warning("%s knows nothing of order %s of %s", exchange.name, order_id, symbol)
        for symbol in sorted(set(reports.lacking().values())):
            for fill in await exchange.fetch_fills(symbol, self._started - _MARGIN_SECONDS):
                if reports.symbol_of(fill.order_id) is not None:
                    reports.see_fill(fill)
        await exchange.fetch_balance()
