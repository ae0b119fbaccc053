# SPDX-License-Identifier: Apache-2.0
"""The account: orders, fills, balances, and the channels that tell of them."""
