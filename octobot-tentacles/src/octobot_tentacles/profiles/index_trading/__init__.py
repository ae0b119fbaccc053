# SPDX-License-Identifier: Apache-2.0
"""The profile ``index_trading``: equal parts of three currencies."""
