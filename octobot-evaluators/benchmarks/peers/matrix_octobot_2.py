# SPDX-License-Identifier: Apache-2.0
"""The matrix of OctoBot 2, by the signatures that help() prints."""

from importlib import metadata

from matrix_rows import rows
from measured import reply

from octobot_evaluators import matrix

made = matrix.Matrix()
matrix.Matrices.instance().add_matrix(made)
reply(f"OctoBot {metadata.version('octobot')}", rows(matrix, made.matrix_id))
