# SPDX-License-Identifier: Apache-2.0
"""Parts of an account for several trading modes. Owners are named by strings; None is the rest."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.personal_data.portfolio.portfolio import Balance


def assign_sub_portfolio(exchange_manager: ExchangeManager, owner: str, amounts: Mapping[str, Decimal]) -> None:
    """Give an owner these amounts by asset, in addition to what it has.

    Raises:
        InsufficientFunds: the rest does not hold that much; nothing was changed.
    """
    exchange_manager.share_portfolio().assign(owner, amounts)


def assign_sub_portfolio_shares(exchange_manager: ExchangeManager, owner: str, shares: Mapping[str, Decimal]) -> None:
    """Give an owner these fractions of what the account holds now, by asset.

    Raises:
        InsufficientFunds: the rest does not hold that much; nothing was changed.
        SettingError: a share is not between 0 and 1.
    """
    exchange_manager.share_portfolio().assign_shares(owner, shares)


def get_sub_portfolio(exchange_manager: ExchangeManager, owner: str | None) -> dict[str, Balance]:
    """What an owner has, by asset; UnknownOwner where it was given nothing."""
    return exchange_manager.share_portfolio().balances(owner)


def get_sub_portfolio_owners(exchange_manager: ExchangeManager) -> list[str]:
    """Who has a part of the account."""
    return exchange_manager.share_portfolio().owners
