# SPDX-License-Identifier: Apache-2.0
import octobot_trading.modes as modes


class OldTradingMode(modes.AbstractTradingMode):
    pass
