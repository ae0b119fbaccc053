# SPDX-License-Identifier: Apache-2.0
"""The profile ``simple_dca``: the same amount every week."""
