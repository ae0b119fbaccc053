# SPDX-License-Identifier: Apache-2.0
"""The profile ``non-trading``: evaluates and trades nothing."""
