# SPDX-License-Identifier: Apache-2.0
"""The profile ``tradingview_trading``: orders from alerts."""
