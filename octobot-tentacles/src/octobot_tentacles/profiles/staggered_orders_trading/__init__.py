# SPDX-License-Identifier: Apache-2.0
"""The profile ``staggered_orders_trading``: orders over a wide range."""
