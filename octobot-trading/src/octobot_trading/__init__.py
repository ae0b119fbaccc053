# SPDX-License-Identifier: Apache-2.0
"""Exchanges, market data, orders, portfolio, trading modes and historical data of OctoBot."""

__version__ = "3.0.0"
