# SPDX-License-Identifier: Apache-2.0
"""The kinds of evaluators, and what runs them.

abstract_evaluator.py   what all kinds share            note_output.py     where a note goes
ta_, realtime_, social_, scripted_, strategy_evaluator.py   the kinds
factory.py              makes the instances             registration.py    what an instance evaluates
channel/                the Matrix channel              candles.py         where closed candles come from
"""

from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator
from octobot_evaluators.evaluators.factory import create_evaluators, register_cells
from octobot_evaluators.evaluators.realtime_evaluator import RealTimeEvaluator
from octobot_evaluators.evaluators.scripted_evaluator import ScriptContext, ScriptedEvaluator
from octobot_evaluators.evaluators.social_evaluator import SocialEvaluator
from octobot_evaluators.evaluators.strategy_evaluator import StrategyEvaluator
from octobot_evaluators.evaluators.ta_evaluator import TAEvaluator

__all__ = [
    "AbstractEvaluator",
    "RealTimeEvaluator",
    "ScriptContext",
    "ScriptedEvaluator",
    "SocialEvaluator",
    "StrategyEvaluator",
    "TAEvaluator",
    "create_evaluators",
    "register_cells",
]
