# SPDX-License-Identifier: Apache-2.0
"""hftbacktest's market depths, which only a whole backtest fills: arrays of events, built from the lists or before.

Its engine replays events for a strategy and for the exchange, each with a depth of its own: that is in the figures.
"""

import sys
from importlib import metadata
from time import perf_counter

import hftbacktest as hb
import numpy as np
from book_rows import DEPTH, end, load, updates
from measured import reply

EVENT = hb.DEPTH_EVENT | hb.LOCAL_EVENT | hb.EXCH_EVENT


def events(session):
    parts = []
    for bids, asks in [session["snapshot"], *session["deltas"]]:
        for side, rows in ((hb.BUY_EVENT, bids), (hb.SELL_EVENT, asks)):
            if rows:
                table = np.array(rows)
                part = np.zeros(len(table), dtype=hb.event_dtype)
                part["ev"], part["px"], part["qty"] = EVENT | side, table[:, 0], table[:, 1]
                parts.append(part)
    found = np.concatenate(parts)
    found["exch_ts"] = np.arange(1, len(found) + 1) * 1_000
    found["local_ts"] = found["exch_ts"] + 1
    return found


def backtest(session, data):
    tick = session["tick"] or 1e-5
    asset = hb.BacktestAsset().data(data).linear_asset(1.0).constant_order_latency(0, 0).risk_adverse_queue_model()
    asset = asset.no_partial_fill_exchange().trading_value_fee_model(0, 0).tick_size(tick)
    asset = asset.lot_size(10.0 ** -session["size_digits"])
    if not session["tick"]:
        return hb.HashMapMarketDepthBacktest([asset])
    middle = session["snapshot"][0][0][0]
    return hb.ROIVectorMarketDepthBacktest([asset.roi_lb(0.8 * middle).roi_ub(1.2 * middle)])


def level_update(session, prebuilt):
    built = events(session)

    def run():
        started = perf_counter()
        data = built if prebuilt else events(session)
        built_seconds = perf_counter() - started
        test = backtest(session, data)
        started = perf_counter()
        test.elapse(10**15)
        seconds = perf_counter() - started + built_seconds
        test.close()
        return seconds / len(data)

    return run


def ended(session):
    data = events(session)  # It keeps no reference.
    test = backtest(session, data)
    test.elapse(10**15)
    depth, tick = test.depth(0), session["tick"] or 1e-5
    bid, ask = depth.best_bid, depth.best_ask
    found = [[], []]
    for side, at, place, step in ((0, depth.bid_qty_at_tick, bid, -1), (1, depth.ask_qty_at_tick, ask, 1)):
        number = round(place / tick)
        while len(found[side]) < DEPTH:
            if at(number) > 0:
                found[side].append([round(number * tick, 8), at(number)])
            number += step
    test.close()
    return [[round(bid, 8), round(ask, 8)], found]


sessions = load(sys.argv[1])
made = {}
for one in sessions:
    made[end(one["name"])] = lambda one=one: ended(one)
    made[updates(one["name"], "lists")] = level_update(one, False)
    made[updates(one["name"], "prebuilt")] = level_update(one, True)
reply(f"hftbacktest {metadata.version('hftbacktest')}", made)
