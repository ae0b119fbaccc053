# SPDX-License-Identifier: Apache-2.0
import octobot_commons.enums as commons_enums
import octobot_commons.evaluators_util as evaluators_util
import octobot_evaluators.api.matrix as evaluators_api
import octobot_evaluators.enums as evaluators_enums
import octobot_evaluators.errors as errors
import octobot_evaluators.evaluators as evaluators
import octobot_evaluators.matrix as matrix
import tentacles.Evaluator.TA as TA


class WeightedMeanStrategyEvaluator(evaluators.StrategyEvaluator):
    WAVE = TA.WaveMomentumEvaluator.get_name()

    def init_user_inputs(self, inputs: dict) -> None:
        super().init_user_inputs(inputs)
        self.wave_weight = self.UI.user_input("wave weight", commons_enums.UserInputTypes.FLOAT, 2.0, inputs)

    async def matrix_callback(self, matrix_id, evaluator_name, evaluator_type, eval_note, eval_note_type,
                              exchange_name, cryptocurrency, symbol, time_frame):
        total = weight = 0
        for time_frame in [tf.value for tf in self.strategy_time_frames]:
            try:
                nodes = matrix.get_evaluations_by_evaluator(
                    matrix_id, exchange_name, evaluators_enums.EvaluatorMatrixTypes.TA.value, cryptocurrency, symbol,
                    time_frame, allow_missing=False)
            except errors.UnsetTentacleEvaluation:
                return
            for name, node in nodes.items():
                value = evaluators_api.get_value(node)
                if evaluators_util.check_valid_eval_note(value, evaluators_api.get_type(node), float):
                    own = self.wave_weight if name == self.WAVE else 1
                    total, weight = total + own * value, weight + own
        for node in matrix.get_evaluations_by_evaluator(
                matrix_id, exchange_name, evaluators_enums.EvaluatorMatrixTypes.REAL_TIME.value, cryptocurrency,
                symbol).values():
            total, weight = total + evaluators_api.get_value(node), weight + 1
        if weight:
            self.eval_note = max(-1, min(1, total / weight))
            await self.strategy_completed(cryptocurrency, symbol)
