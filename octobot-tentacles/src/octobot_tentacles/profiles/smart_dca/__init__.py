# SPDX-License-Identifier: Apache-2.0
"""The profile ``smart_dca``: buys below the average, takes profits."""
