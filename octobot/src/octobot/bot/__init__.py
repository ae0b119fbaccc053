# SPDX-License-Identifier: Apache-2.0
"""A bot that runs, and how it is asked.

::

    replay_bot.py   the bot on the embedded replay exchange: recorded candles as if they came live
    pacing.py       how fast they come
    ending.py       what is done to orders and holdings before it ends
    control.py      the endpoint through which a running bot is asked
    client.py       who asks
    places.py       where they meet
"""
