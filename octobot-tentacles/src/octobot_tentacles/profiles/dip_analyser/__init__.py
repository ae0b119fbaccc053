# SPDX-License-Identifier: Apache-2.0
"""The profile ``dip_analyser``: buys dips, sells in stages."""
