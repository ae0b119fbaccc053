# SPDX-License-Identifier: Apache-2.0
"""The profile ``arbitrage_trading``: compares two exchanges."""
