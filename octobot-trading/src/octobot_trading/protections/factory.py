# SPDX-License-Identifier: Apache-2.0
"""From what a profile says to protections."""

from __future__ import annotations

from octobot_commons.configuration.protections import ProtectionsConfig
from octobot_trading.protections.cooldown import Cooldown
from octobot_trading.protections.daily_loss import DailyLoss
from octobot_trading.protections.max_drawdown import MaxDrawdown
from octobot_trading.protections.order_rate import OrderRate
from octobot_trading.protections.protection import Protection
from octobot_trading.protections.stop_loss_guard import StopLossGuard


def make_protections(config: ProtectionsConfig, reference_market: str) -> list[Protection]:
    """New protections with no past, those that are on."""
    made: list[Protection] = []
    if config.max_drawdown is not None:
        made.append(MaxDrawdown(config.max_drawdown, reference_market))
    if config.daily_loss is not None:
        made.append(DailyLoss(config.daily_loss, reference_market))
    if config.stop_loss_guard is not None:
        made.append(StopLossGuard(config.stop_loss_guard))
    if config.cooldown is not None:
        made.append(Cooldown(config.cooldown))
    if config.order_rate is not None:
        made.append(OrderRate(config.order_rate))
    return made
