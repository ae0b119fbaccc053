# SPDX-License-Identifier: Apache-2.0
"""What has to be known of single exchanges beyond what ccxt knows, as data. An exchange without an entry has none.

Sources: the exchanges' API documentation, and what ccxt sends to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from octobot_trading.exchanges.client_order_ids import IdForm, client_order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDifferences:
    """One exchange.

    Attributes:
        options: of ccxt's exchange.
        client_id_parameter: under which ccxt takes a client order id.
        client_id_form, client_id_prefix: what the exchange takes for one.
        no_order_features: which of ccxt's features of orders it claims, and does not have or only for a time: the bot
            manages such orders itself.
        rate_window_seconds: over which the exchange counts requests: so much of its limit may be used at once.
        finds_by_client_id: whether ccxt's ``fetch_order`` takes a client order id in place of an id.
    """

    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    client_id_parameter: str = "clientOrderId"
    client_id_form: IdForm = IdForm.LETTERS
    client_id_prefix: str = ""
    no_order_features: frozenset[str] = frozenset()
    rate_window_seconds: float = 1.0
    finds_by_client_id: bool = False

    def client_order_id(self, intent: str) -> str:
        """The client order id of an intent."""
        return client_order_id(intent, self.client_id_form, self.client_id_prefix)


_PLAIN: Final = VenueDifferences()
_STOPS: Final = frozenset({"stopLossPrice", "takeProfitPrice"})
_BY_NAME: Final[Mapping[str, VenueDifferences]] = {
    "binance": VenueDifferences(
        options={"fetchMargins": False, "warnOnFetchOpenOrdersWithoutSymbol": False, "broker": {}},
        rate_window_seconds=60.0,
        finds_by_client_id=True,
    ),
    "binanceusdm": VenueDifferences(
        options={"warnOnFetchOpenOrdersWithoutSymbol": False, "broker": {}},
        rate_window_seconds=60.0,
        finds_by_client_id=True,
    ),
    "bybit": VenueDifferences(rate_window_seconds=5.0),
    "kucoin": VenueDifferences(rate_window_seconds=30.0),
    "okx": VenueDifferences(rate_window_seconds=2.0),
    # Spot orders with a trigger are refused, though they are among ccxt's features.
    "bitget": VenueDifferences(no_order_features=_STOPS),
    "coinbase": VenueDifferences(client_id_parameter="client_order_id", client_id_form=IdForm.UUID),
    "coinbaseexchange": VenueDifferences(client_id_form=IdForm.UUID),
    # Triggers end after a day, and nobody is told.
    "gate": VenueDifferences(client_id_prefix="t-", no_order_features=_STOPS),
    "hyperliquid": VenueDifferences(options={"approvedBuilderFee": True, "refSet": True}),
    "kraken": VenueDifferences(client_id_form=IdForm.SHORT),
}


def differences_of(exchange_name: str) -> VenueDifferences:
    """What is particular about an exchange of ccxt."""
    return _BY_NAME.get(exchange_name, _PLAIN)
