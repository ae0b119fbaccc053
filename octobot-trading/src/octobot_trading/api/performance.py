# SPDX-License-Identifier: Apache-2.0
"""What an account earned: closed trades, value over time, profitability, and what changed its balances beside fills."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.personal_data.portfolio.profitability import ProfitabilityFigures
from octobot_trading.personal_data.portfolio.value_history import ValuePoint
from octobot_trading.personal_data.trades.closed_trade import ClosedTrade
from octobot_trading.personal_data.trades.trade_ledger import MatchingMethod
from octobot_trading.personal_data.transactions.transaction import Transaction, TransactionType


def get_closed_trades(
    exchange_manager: ExchangeManager,
    method: MatchingMethod = MatchingMethod.FIFO,
    *,
    symbol: str | None = None,
    since: float | None = None,
    until: float | None = None,
    order_id: str | None = None,
    owner: str | None = None,
) -> list[ClosedTrade]:
    """Trades closed from ``since`` on and before ``until`` (Unix seconds), oldest exit first.

    ``order_id`` is that of an entry or an exit, ``owner`` the trading mode that the orders were made for.
    """
    return exchange_manager.trades_manager.closed_trades(
        method, symbol=symbol, since=since, until=until, order_id=order_id, owner=owner
    )


def get_profitability(exchange_manager: ExchangeManager) -> ProfitabilityFigures:
    """The account's and the market's profitability at last prices; the value is recorded."""
    return exchange_manager.performance.refresh()


def get_portfolio_value_history(
    exchange_manager: ExchangeManager, since: float | None = None, until: float | None = None
) -> list[ValuePoint]:
    """(time, value in the reference market) as recorded from ``since`` on and before ``until``, oldest first."""
    return exchange_manager.performance.history.points(since, until)


def record_transaction(
    exchange_manager: ExchangeManager,
    kind: TransactionType,
    asset: str,
    amount: Decimal,
    *,
    symbol: str | None = None,
    order_id: str | None = None,
    owner: str | None = None,
    reference: str | None = None,
) -> Transaction:
    """Keep what changed a balance just now; deposits, withdrawals and transfers are taken out of the profit.

    Call it when the portfolio has the change.

    Raises:
        InvalidTransaction: the amount, its sign or the asset makes no sense; nothing was recorded.
    """
    manager = exchange_manager.transactions_manager
    transaction = manager.record(
        kind,
        exchange_manager.clock.now(),
        asset,
        amount,
        symbol=symbol,
        order_id=order_id,
        owner=owner,
        reference=reference,
    )
    exchange_manager.performance.record_flow(transaction)
    return transaction


def get_transactions(
    exchange_manager: ExchangeManager,
    kinds: Iterable[TransactionType] | None = None,
    *,
    asset: str | None = None,
    symbol: str | None = None,
    owner: str | None = None,
    since: float | None = None,
    until: float | None = None,
) -> list[Transaction]:
    """Transactions that fit all that is given, in the order in which they became known."""
    return exchange_manager.transactions_manager.get_transactions(
        kinds, asset=asset, symbol=symbol, owner=owner, since=since, until=until
    )
