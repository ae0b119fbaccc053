# SPDX-License-Identifier: Apache-2.0
"""Any exchange that ccxt knows, behind the contract of ``octobot_trading.exchanges.exchange``.

::

    parsing.py     what ccxt made of an exchange's answers, as our values

ccxt itself is imported when an exchange is made, as that takes most of a second and 100 MB.
"""
