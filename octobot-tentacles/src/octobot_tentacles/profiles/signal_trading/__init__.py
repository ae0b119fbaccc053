# SPDX-License-Identifier: Apache-2.0
"""The profile ``signal_trading``: follows moves on several time frames."""
