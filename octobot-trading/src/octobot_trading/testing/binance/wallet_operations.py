# SPDX-License-Identifier: Apache-2.0
"""What clients ask about a key and its coins, and the listen keys of account streams."""

from __future__ import annotations

from typing import Any

from octobot_trading.testing.binance import texts
from octobot_trading.testing.binance.account import TradingAccount
from octobot_trading.testing.binance.limits import OrderCounts
from octobot_trading.testing.binance.operations import Call, Operation, Operations, Security
from octobot_trading.testing.binance.parameters import Refusal
from octobot_trading.testing.binance.venue import Venue


class WalletOperations:
    """Keys, coins and listen keys."""

    def __init__(self, venue: Venue, counts: OrderCounts) -> None:
        self._venue = venue
        self._counts = counts
        #: Whose stream each listen key is.
        self.listen_keys: dict[str, TradingAccount] = {}
        self._last_key = 0

    def table(self) -> Operations:
        """By method and path."""
        return {
            "GET /sapi/v1/account/apiRestrictions": Operation(self.restrictions, Security.SIGNED),
            "GET /sapi/v1/capital/config/getall": Operation(self.coins, Security.SIGNED),
            "GET /api/v3/rateLimit/order": Operation(self.order_counts, Security.SIGNED),
            "POST /api/v3/userDataStream": Operation(self.open_stream, Security.KEY),
            "PUT /api/v3/userDataStream": Operation(self.keep_stream, Security.KEY),
            "DELETE /api/v3/userDataStream": Operation(self.close_stream, Security.KEY),
        }

    async def restrictions(self, call: Call) -> Any:
        """What the key may do."""
        return call.account.key.restrictions(call.account.created_ms)

    async def coins(self, call: Call) -> Any:
        """Every coin that is traded here, with what the account has of it."""
        markets = [tape.market for tape in self._venue.tapes.values()]
        names = dict.fromkeys(name for market in markets for name in (market.base, market.quote))
        return [_coin(name, call.account) for name in names]

    async def order_counts(self, call: Call) -> Any:
        """How many orders were handed in."""
        return self._counts.rows()

    async def open_stream(self, call: Call) -> Any:
        """A listen key: the one that there is, or a new one."""
        for listen_key, account in self.listen_keys.items():
            if account is call.account:
                return {"listenKey": listen_key}
        self._last_key += 1
        listen_key = f"local{self._last_key:059d}"
        self.listen_keys[listen_key] = call.account
        return {"listenKey": listen_key}

    async def keep_stream(self, call: Call) -> Any:
        """Keep a listen key alive; here none ends by itself."""
        if call.parameters.text("listenKey") not in self.listen_keys:
            raise Refusal(-1125, "This listenKey does not exist.")
        return {}

    async def close_stream(self, call: Call) -> Any:
        """End a listen key."""
        await self.keep_stream(call)
        del self.listen_keys[call.parameters.text("listenKey")]
        return {}


def _coin(name: str, account: TradingAccount) -> dict[str, Any]:
    none, balance = texts.amount(None), account.balances.get(name)
    return {
        "coin": name,
        "depositAllEnable": True,
        "free": texts.amount(balance.available if balance else None),
        "freeze": none,
        "ipoable": none,
        "ipoing": none,
        "isLegalMoney": False,
        "locked": texts.amount(balance.locked if balance else None),
        "name": name,
        "networkList": [
            {
                "addressRegex": "^[0-9A-Za-z]{26,64}$",
                "coin": name,
                "depositEnable": True,
                "isDefault": True,
                "memoRegex": "",
                "minConfirm": 1,
                "name": name,
                "network": name,
                "specialTips": "",
                "unLockConfirm": 2,
                "withdrawEnable": account.key.can_withdraw,
                "withdrawFee": "0.00050000",
                "withdrawIntegerMultiple": "0.00000001",
                "withdrawMax": "750",
                "withdrawMin": "0.00100000",
                "sameAddress": False,
                "estimatedArrivalTime": 25,
                "busy": False,
            }
        ],
        "storage": none,
        "trading": True,
        "withdrawAllEnable": account.key.can_withdraw,
        "withdrawing": none,
    }
