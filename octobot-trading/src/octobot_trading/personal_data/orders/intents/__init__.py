# SPDX-License-Identifier: Apache-2.0
"""Intents: what the bot was about to ask an exchange, kept before it is asked, so that nothing is asked twice.

::

    intent.py    one intent, and what became of it
    store.py     where they survive a crash
    sender.py    sends orders by them; asks what became of those that got no answer
"""
