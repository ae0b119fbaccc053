# SPDX-License-Identifier: Apache-2.0
"""Random operations on a matrix and on its twin."""

from __future__ import annotations

import math

from hypothesis import strategies as st

DURATIONS = {"1m": 60.0, "1h": 3600.0, "1M": None}

exchanges = st.sampled_from([None, "binance", "kraken"])
kinds = st.sampled_from([None, "TA", "STRATEGIES"])
names = st.sampled_from(["Rsi", "Ema", "Adx"])
cryptocurrencies = st.sampled_from([None, "Bitcoin"])
symbols = st.sampled_from([None, "BTC/USDT"])
time_frames = st.sampled_from([None, "1m", "1h", "1M"])
values = st.one_of(st.none(), st.just("0"), st.just(math.nan), st.floats(-1, 1), st.just("text"), st.booleans())
times = st.floats(0, 4e9)
paths = st.tuples(exchanges, kinds, names, cryptocurrencies, symbols, time_frames).map(
    lambda parts: [part for part in parts if part is not None]
)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("write"), paths, values, times, st.one_of(times, st.just(math.inf))),
        st.tuples(st.just("invalidate"), paths),
        st.tuples(st.just("delete"), paths),
        st.tuples(st.just("read"), exchanges, kinds, cryptocurrencies, symbols, time_frames),
    ),
    max_size=40,
)


def apply(core, operation):
    name, *arguments = operation
    if name == "write":
        path, value, time, fresh_until = arguments
        core.node(path).write(value, time, float, fresh_until=fresh_until)
    elif name == "invalidate":
        core.node(arguments[0]).invalidate()
    elif name == "delete":
        core.delete(arguments[0])
    else:
        core.entries(*arguments)
