# SPDX-License-Identifier: Apache-2.0
"""The automations of a profile."""

from __future__ import annotations

from octobot_trading.automations import AbstractAutomations


class Automations(AbstractAutomations):
    """Does what the profile asks for when prices, profit, holdings or the time say so."""
