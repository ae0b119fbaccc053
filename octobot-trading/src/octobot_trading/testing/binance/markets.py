# SPDX-License-Identifier: Apache-2.0
"""The lists of what is traded, ``exchangeInfo``, as Binance's spot and futures markets answer them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import Limits
from octobot_trading.testing.binance import texts
from octobot_trading.testing.binance.order_requests import ORDER_TYPES

_MOST = Decimal(9_000_000)


def exchange_info(symbols: list[dict[str, Any]], now: float, weight_limit: int) -> dict[str, Any]:
    """The whole answer."""
    return {
        "timezone": "UTC",
        "serverTime": round(now * 1000),
        "rateLimits": [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": weight_limit},
            {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 100},
            {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200_000},
        ],
        "exchangeFilters": [],
        "symbols": symbols,
    }


def usual_market(base: str, quote: str) -> Market:
    """The rules of a pair of which nothing else is known."""
    return Market(
        f"{base}/{quote}",
        base,
        quote,
        amount_step=Decimal("0.00001"),
        price_tick=Decimal("0.01"),
        min_amount=Decimal("0.00001"),
        max_amount=Decimal(9000),
        min_cost=Decimal(5),
        prices=Limits(Decimal("0.01"), Decimal(1_000_000)),
    )


def spot_market(name: str, market: Market, max_orders: int) -> dict[str, Any]:
    """A pair of the spot market."""
    return {
        "symbol": name,
        "status": "TRADING" if market.is_active else "BREAK",
        "baseAsset": market.base,
        "baseAssetPrecision": 8,
        "quoteAsset": market.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": list(ORDER_TYPES),
        "icebergAllowed": True,
        "ocoAllowed": False,
        "otoAllowed": False,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": True,
        "amendAllowed": False,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": _filters(market, max_orders),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    }


def _filters(market: Market, max_orders: int) -> list[dict[str, Any]]:
    prices, most = market.prices, market.max_amount
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": texts.amount(prices.minimum),
            "maxPrice": texts.amount(prices.maximum),
            "tickSize": texts.amount(market.price_tick),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": texts.amount(market.min_amount),
            "maxQty": texts.amount(_MOST if most is None else most),
            "stepSize": texts.amount(market.amount_step),
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": texts.amount(market.min_cost),
            "applyMinToMarket": True,
            "maxNotional": texts.amount(_MOST if market.max_cost is None else market.max_cost),
            "applyMaxToMarket": False,
            "avgPriceMins": 5,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": max_orders},
    ]


def perpetual_market(name: str, base: str, quote: str) -> dict[str, Any]:
    """A perpetual contract of the USD-M futures market."""
    return {
        "symbol": name,
        "pair": name,
        "contractType": "PERPETUAL",
        "deliveryDate": 4133404800000,
        "onboardDate": 1598252400000,
        "status": "TRADING",
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": base,
        "quoteAsset": quote,
        "marginAsset": quote,
        "pricePrecision": 5,
        "quantityPrecision": 3,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "settlePlan": 0,
        "triggerProtect": "0.0500",
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.10", "maxPrice": "1000000", "tickSize": "0.10"},
            {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "1000", "stepSize": "0.001"},
            {"filterType": "MIN_NOTIONAL", "notional": "5"},
        ],
        "orderTypes": ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET"],
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
        "liquidationFee": "0.010000",
        "marketTakeBound": "0.30",
    }
