# SPDX-License-Identifier: Apache-2.0
"""Where evaluators' notes meet.

_note.pyx     a note                  _matrix.pyx  the tree of notes
matrix.py     one matrix              snapshot.py  what it held at one moment
_cycle.pyx    when a strategy's inputs are complete
cycles.py     which evaluations belong to which cycle
registry.py   matrices by id          values.py, queries.py, paths.py   the functions that tentacles use
"""

from octobot_evaluators.matrix._cycle import Cycle
from octobot_evaluators.matrix._matrix import MatrixNode
from octobot_evaluators.matrix._note import Note
from octobot_evaluators.matrix.cycles import Cell, CycleRegistry, CycleWatcher
from octobot_evaluators.matrix.matrix import Matrix
from octobot_evaluators.matrix.notes_reader import MatrixNotesReader, matrix_notes_reader
from octobot_evaluators.matrix.paths import get_matrix_default_value_path, get_tentacle_path, get_tentacle_value_path
from octobot_evaluators.matrix.queries import (
    get_available_symbols,
    get_available_time_frames,
    get_evaluations_by_evaluator,
    get_latest_eval_time,
    get_tentacle_nodes,
    get_tentacles_value_nodes,
)
from octobot_evaluators.matrix.registry import create_matrix, delete_matrix, get_matrix
from octobot_evaluators.matrix.snapshot import MatrixSnapshot
from octobot_evaluators.matrix.values import (
    delete_tentacle_node,
    get_tentacle_eval_time,
    get_tentacle_node,
    get_tentacle_value,
    is_tentacle_value_valid,
    is_tentacles_values_valid,
    set_tentacle_value,
)

__all__ = [
    "Cell",
    "Cycle",
    "CycleRegistry",
    "CycleWatcher",
    "Matrix",
    "MatrixNode",
    "MatrixNotesReader",
    "MatrixSnapshot",
    "Note",
    "create_matrix",
    "delete_matrix",
    "delete_tentacle_node",
    "get_available_symbols",
    "get_available_time_frames",
    "get_evaluations_by_evaluator",
    "get_latest_eval_time",
    "get_matrix",
    "get_matrix_default_value_path",
    "get_tentacle_eval_time",
    "get_tentacle_node",
    "get_tentacle_nodes",
    "get_tentacle_path",
    "get_tentacle_value",
    "get_tentacle_value_path",
    "get_tentacles_value_nodes",
    "is_tentacle_value_valid",
    "is_tentacles_values_valid",
    "matrix_notes_reader",
    "set_tentacle_value",
]
