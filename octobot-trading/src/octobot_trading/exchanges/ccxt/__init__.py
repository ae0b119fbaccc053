# SPDX-License-Identifier: Apache-2.0
"""Any exchange that ccxt knows, behind the contract of ``octobot_trading.exchanges.exchange``.

::

    exchange.py      the account: asks and orders
    account.py       what happens to it, by asking for it
    settings.py      how an exchange is reached
    connection.py    the line to it: markets, clock, budget of requests
    markets_file.py  its markets on the disk
    answers.py       what came back to one request
    candle_poller.py candles by request: history, and each as it closes
    requests.py      from an order request to what ccxt is asked
    parsing.py       what ccxt made of an exchange's answers, as our values
    errors.py        which of our errors an error of ccxt is
    differences.py   what has to be known of single exchanges beyond that, as data

ccxt itself is imported when an exchange is made, as that takes most of a second and 100 MB.
"""
