# SPDX-License-Identifier: Apache-2.0
"""Evaluators, strategies and the matrix where their notes meet.

evaluators/   the kinds of evaluators, what runs them, the Matrix channel
matrix/       the notes, by path, and when a strategy's inputs are complete
api/          what a node of the matrix holds
util          evaluation times          enums, constants, errors
"""

__version__ = "3.0.0"
