import octobot_trading.modes as modes


class OldTradingMode(modes.AbstractTradingMode):
    pass
