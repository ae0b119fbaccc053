# SPDX-License-Identifier: Apache-2.0
"""What a profile says: what to trade, where, with which tentacles."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from octobot_commons.configuration.protections import ProtectionsConfig
from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig
from octobot_commons.constants import DEFAULT_REFERENCE_MARKET

DEFAULT_FEE_PERCENT = Decimal("0.1")
DEFAULT_RISK = Decimal("0.5")
DEFAULT_LEVERAGE = Decimal(1)
#: The most that an exchange has of any symbol; most have less, and refuse more themselves.
MAX_LEVERAGE = Decimal(125)


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoCurrency:
    """The pairs of one currency; a pair may be ``*``: all there are, against ``quote`` where that is set."""

    enabled: bool = True
    pairs: list[str] = field(default_factory=list)
    quote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeConfig:
    """One exchange; its type is spot, margin, future or option. Only futures have a leverage, of all their symbols."""

    enabled: bool = True
    exchange_type: str = "spot"
    leverage: Decimal = DEFAULT_LEVERAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class FeesConfig:
    """Fees in percent: ``Decimal("0.1")`` is 0.1 %."""

    maker: Decimal = DEFAULT_FEE_PERCENT
    taker: Decimal = DEFAULT_FEE_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class TraderSimulatorConfig:
    """Paper trading and backtests."""

    enabled: bool = False
    fees: FeesConfig = field(default_factory=FeesConfig)
    starting_portfolio: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestingConfig:
    """What a backtest may take where nothing is recorded.

    ``synthetic_symbols`` and ``synthetic_exchanges`` may have made-up candles, which reports call so. ``feeds`` is a
    file of recorded service feeds, relative to the profile's folder.
    """

    synthetic_symbols: list[str] = field(default_factory=list)
    synthetic_exchanges: list[str] = field(default_factory=list)
    feeds: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A checked profile. ``dataclasses.replace`` makes a changed one."""

    profile_id: str
    name: str
    description: str = ""
    path: Path | None = None
    crypto_currencies: dict[str, CryptoCurrency] = field(default_factory=dict)
    exchanges: dict[str, ExchangeConfig] = field(default_factory=dict)
    trader_enabled: bool = False
    load_trade_history: bool = True
    trader_simulator: TraderSimulatorConfig = field(default_factory=TraderSimulatorConfig)
    reference_market: str = DEFAULT_REFERENCE_MARKET
    risk: Decimal = DEFAULT_RISK
    backtesting: BacktestingConfig = field(default_factory=BacktestingConfig)
    protections: ProtectionsConfig = field(default_factory=ProtectionsConfig)
    tentacles_setup: TentaclesSetupConfig = field(default_factory=TentaclesSetupConfig)

    def symbols_by_cryptocurrency(self) -> dict[str, list[str]]:
        """The pairs of each enabled currency, in the profile's order, each once; ``*`` stays for the caller."""
        return {
            name: list(dict.fromkeys(currency.pairs))
            for name, currency in self.crypto_currencies.items()
            if currency.enabled and currency.pairs
        }

    def enabled_exchanges(self) -> dict[str, ExchangeConfig]:
        """The exchanges to work with."""
        return {name: exchange for name, exchange in self.exchanges.items() if exchange.enabled}

    def to_dict(self) -> dict[str, Any]:
        """Everything but the path, ready for JSON, amounts as text."""
        simulator = self.trader_simulator
        trading: dict[str, Any] = {"reference_market": self.reference_market, "risk": str(self.risk)}
        if protections := self.protections.content():
            trading["protections"] = {
                name: {key: str(value) if isinstance(value, Decimal) else value for key, value in own.items()}
                for name, own in protections.items()
            }
        return {
            "profile": {"id": self.profile_id, "name": self.name, "description": self.description},
            "crypto_currencies": {
                name: {"enabled": currency.enabled, "pairs": list(currency.pairs), "quote": currency.quote}
                for name, currency in self.crypto_currencies.items()
            },
            "exchanges": {
                name: {"enabled": exchange.enabled, "exchange_type": exchange.exchange_type}
                | ({} if exchange.leverage == DEFAULT_LEVERAGE else {"leverage": str(exchange.leverage)})
                for name, exchange in self.exchanges.items()
            },
            "trader": {"enabled": self.trader_enabled, "load_trade_history": self.load_trade_history},
            "trader_simulator": {
                "enabled": simulator.enabled,
                "fees": {"maker": str(simulator.fees.maker), "taker": str(simulator.fees.taker)},
                "starting_portfolio": {asset: str(amount) for asset, amount in simulator.starting_portfolio.items()},
            },
            "trading": trading,
            "backtesting": asdict(self.backtesting),
            "tentacles": self.tentacles_setup.to_dict(),
        }
