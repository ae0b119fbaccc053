# SPDX-License-Identifier: Apache-2.0
"""Ladders: rows of limit orders, each of which is replaced by its mirror order on the other side once it has filled.

levels.py         at which prices            volumes.py    how much at each level    settings.py  what a ladder is to be
pair_settings.py  its settings as read       spec.py       what it was made of       planning.py  from a spec to slots
slots.py          its levels' state          mirror.py     what follows a fill       steps.py     what to do now
trailing.py       following the price        restoring.py  after a restart           remaking.py  made anew
account.py        what it may use of an account: spot_account.py, contract_account.py and the margin.py that they need
desk.py           what it asks for           producer.py   what wakes it             consumer.py  creates its orders
"""
