# SPDX-License-Identifier: Apache-2.0
"""What changes balances beside fills."""
