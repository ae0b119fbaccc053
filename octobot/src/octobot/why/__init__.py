# SPDX-License-Identifier: Apache-2.0
"""Why an order was made, and why none was: from candles to fills.

chain      what is stored of one order            text   both as lines for a terminal
absence    a run once more, up to some time
"""

from octobot.why.absence import Absence, explain_absence
from octobot.why.chain import OrderChain, order_chain
from octobot.why.text import absence_lines, chain_lines

__all__ = ["Absence", "OrderChain", "absence_lines", "chain_lines", "explain_absence", "order_chain"]
