# SPDX-License-Identifier: Apache-2.0
"""Exchanges: the contract, its implementations, and the manager that tentacles are given."""
