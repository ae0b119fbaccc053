# SPDX-License-Identifier: Apache-2.0
"""Service feeds: what the outside world tells beside markets, one module each, with the exact shape of its events.

In a backtest recorded events come in their place. Their live halves are not there yet, and say so.
"""
