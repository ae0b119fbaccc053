# SPDX-License-Identifier: Apache-2.0
"""Why an order was made, and why none was: from candles to fills.

chain      what is stored of one order      text       a chain as lines for a terminal
"""

from octobot.why.chain import OrderChain, order_chain
from octobot.why.text import chain_lines

__all__ = ["OrderChain", "chain_lines", "order_chain"]
