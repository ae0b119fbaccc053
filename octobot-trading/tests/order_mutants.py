# SPDX-License-Identifier: Apache-2.0
"""Bugs to plant into matching, execution, locks and accounts: each must make a test fail."""

from mutants import Mutant

SIMULATED, POSITIONS, ORDERS = "exchanges/simulated/", "personal_data/positions/", "personal_data/orders/"
MATCHING, HEAP, INTRABAR, EXECUTION, DESK, ACCOUNT, CONTRACTS, LIQUIDATOR = (
    SIMULATED + name
    for name in (
        "_matching.pyx", "_heap.pxi", "_intrabar.pxi", "execution.py", "desk.py", "account.py", "contract_account.py",
        "liquidator.py",
    )
)  # fmt: skip
POSITION, BRACKETS = POSITIONS + "position.py", POSITIONS + "brackets.py"
HOLDS = "personal_data/portfolio/order_holds.py"
GROUPS, CHAINED = ORDERS + "groups.py", ORDERS + "chained_orders.py"

ORDER_MUTANTS = [
    Mutant(
        "a touched limit keeps its better price",
        "a pessimist gives no better price than that of a limit that may have filled",
        MATCHING,
        "at_own = order.was_touched and self.rule == R_PESSIMISTIC",
        "at_own = False",
    ),
    Mutant(
        "left over at its own price",
        "what could not fill at the open fills at the open",
        MATCHING,
        "reached.price, reached.position, reached.is_taker = self._candle.open, 0.0, not _is_limit(order.kind)",
        "reached.price, reached.position, reached.is_taker = order.price, 0.0, not _is_limit(order.kind)",
    ),
    Mutant(
        "too early",
        "nothing is looked at before it has arrived",
        MATCHING,
        "if (<RestingOrder>each).effective_time < close_time]:",
        "if True]:",
    ),
    Mutant(
        "the way ahead ends at the close",
        "an order that came from the open has the further extreme ahead",
        MATCHING,
        "            if price <= candle.open:\n                path.sure_low = candle.low\n",
        "",
    ),
    Mutant(
        "an end inside is not seen",
        "what an order meets after its end is not certain",
        MATCHING,
        "            path.sure_high = path.sure_low = path.close = self._candle.open\n",
        "",
    ),
    Mutant(
        "ambiguity not noticed",
        "a candle that could have ended otherwise is told of",
        MATCHING,
        "                best.price if best.is_reached else order.price):\n            self.is_ambiguous = True",
        "                best.price if best.is_reached else order.price):\n            pass",
    ),
    Mutant(
        "gaps not counted",
        "stops that the price jumped over are counted",
        MATCHING,
        "            self.gap_through_stops += 1\n",
        "            pass\n",
    ),
    Mutant(
        "half a heap",
        "every order that a price reaches is found",
        HEAP,
        "        _collect(heap, 2 * index + 2, price, sign, found)\n",
        "",
    ),
    Mutant(
        "not sifted up",
        "the nearest order is at the top",
        HEAP,
        "        _sift_up(heap, last, sign)\n",
        "",
    ),
    Mutant(
        "index forgotten",
        "an order knows its place",
        HEAP,
        "        orders[index] = last\n        last.index = index\n",
        "        orders[index] = last\n",
    ),
    Mutant(
        "a touch fills",
        "a pessimist's limit needs a trade beyond it",
        INTRABAR,
        "        reached.is_reached = extreme != order.price\n",
        "        pass\n",
    ),
    Mutant(
        "the far extreme first",
        "the neutral path goes to the nearer extreme first",
        INTRABAR,
        "    return down < up or (down == up and candle.close >= candle.open)",
        "    return up < down or (down == up and candle.close >= candle.open)",
    ),
    Mutant(
        "who wins comes first",
        "a pessimist lets those come first that lose",
        INTRABAR,
        "        rank = 1.0 if _is_adverse(order.kind) == (rule == R_OPTIMISTIC) else 0.0",
        "        rank = 1.0 if _is_adverse(order.kind) != (rule == R_OPTIMISTIC) else 0.0",
    ),
    Mutant(
        "trails without moving",
        "a trailing stop follows",
        INTRABAR,
        "        if isnan(order.price) or best - distance > order.price:",
        "        if isnan(order.price):",
    ),
    Mutant(
        "slips beyond its limit",
        "no fill is beyond its limit",
        EXECUTION,
        "        return min(slipped, limit) if side is OrderSide.BUY else max(slipped, limit)",
        "        return slipped",
    ),
    Mutant(
        "the other leg stays",
        "one cancels the other",
        EXECUTION,
        "        cancelled = desk.take_out_cancelled(order)\n",
        "        cancelled: list[OpenOrder] = []\n",
    ),
    Mutant(
        "post-only takes",
        "a post-only order never takes",
        EXECUTION,
        "        if is_taker and request.post_only:",
        "        if False:",
    ),
    Mutant(
        "liquidity not used up",
        "orders share what a candle trades",
        EXECUTION,
        "        self._liquidity.take(order.request.symbol, quantity)\n",
        "",
    ),
    Mutant(
        "a used id is free again",
        "a client order id trades once",
        DESK,
        "            self._client_ids.add(request.client_order_id)\n",
        "            pass\n",
    ),
    Mutant(
        "an edit that fails unlocks",
        "a refused edit leaves the order as it was",
        DESK,
        "            self.account.put_back(order.order_id, order.request, held)\n            raise\n",
        "            raise\n",
    ),
    Mutant(
        "legs are added up",
        "the legs of a group share their funds",
        HOLDS,
        "        locked[asset] = max(amount, locked.get(asset, ZERO))",
        "        locked[asset] = amount + locked.get(asset, ZERO)",
    ),
    Mutant(
        "no room for the fee",
        "a buy locks its fee where that is taken from quote",
        ACCOUNT,
        "        return self._fee_model.needs(market, request.side, quantity, market.cost_of(quantity, price))",
        "        return FeeModel(0, 0).needs(market, request.side, quantity, market.cost_of(quantity, price))",
    ),
    Mutant(
        "reduce-only turns around",
        "reduce-only never opens",
        CONTRACTS,
        "        if request.reduce_only or self._only_closes(request):\n            return closing",
        "        if self._only_closes(request):\n            return closing",
    ),
    Mutant(
        "losses are available",
        "an unrealised loss is not available",
        CONTRACTS,
        "+ margins + max(ZERO, -cross_pnl)",
        "+ margins",
    ),
    Mutant(
        "isolated margin stays",
        "what is closed gives its margin back",
        CONTRACTS,
        "        position.isolated_margin -= released\n",
        "",
    ),
    Mutant(
        "liquidated too late",
        "a position is liquidated at its maintenance margin",
        LIQUIDATOR,
        "        return self._equity(positions, wallet) <= kept",
        "        return self._equity(positions, wallet) <= ZERO",
    ),
    Mutant(
        "bankruptcies are forgotten",
        "what the margin does not cover is recorded",
        LIQUIDATOR,
        "        missing = max(ZERO, -profit - margin)",
        "        missing = ZERO",
    ),
    Mutant(
        "rounded in favour of the owner",
        "profits are rounded down",
        POSITION,
        "    return amount.quantize(ASSET_STEP, ROUND_FLOOR, WIDE)",
        "    return -(-amount).quantize(ASSET_STEP, ROUND_FLOOR, WIDE)",
    ),
    Mutant(
        "brackets without amounts",
        "the margin has no step where brackets meet",
        BRACKETS,
        "            amount = WIDE.add(amount, WIDE.multiply(floor, rate - rate_before))\n",
        "",
    ),
    Mutant(
        "balanced exits trade twice",
        "what one side fills the other side has less to do",
        GROUPS,
        "        if excess <= ZERO:\n            break\n",
        "        break\n",
    ),
    Mutant(
        "exits sell the fee",
        "exits trade no more than the entry brought",
        CHAINED,
        "        self._left += fill.quantity - fill.fee if pays_in_base else fill.quantity",
        "        self._left += fill.quantity",
    ),
]
