# SPDX-License-Identifier: Apache-2.0
"""Loggers for everything in OctoBot."""

from __future__ import annotations

from octobot_commons.logging.bot_logger import BotLogger, get_logger

__all__ = ["BotLogger", "get_logger"]
