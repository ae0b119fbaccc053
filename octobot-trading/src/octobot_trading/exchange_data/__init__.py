# SPDX-License-Identifier: Apache-2.0
"""What is known of markets: candles, prices, and the channels that tell of them."""
