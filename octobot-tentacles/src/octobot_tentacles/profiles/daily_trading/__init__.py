# SPDX-License-Identifier: Apache-2.0
"""The profile ``daily_trading``: RSI and moving averages on three time frames, traded by DailyTradingMode."""
