# SPDX-License-Identifier: Apache-2.0
"""The profile ``grid_trading``: a grid around the price."""
