# SPDX-License-Identifier: Apache-2.0
"""The profile ``market_making``: bids and asks around the price."""
