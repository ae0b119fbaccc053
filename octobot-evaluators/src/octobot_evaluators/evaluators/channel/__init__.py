# SPDX-License-Identifier: Apache-2.0
"""The Matrix channel, and asking technical evaluators to evaluate again."""

from octobot_evaluators.evaluators.channel.matrix_channel import (
    MatrixChannel,
    MatrixChannelConsumer,
    MatrixChannelProducer,
    create_matrix_channel,
    del_chan,
    get_chan,
    set_chan,
)
from octobot_evaluators.evaluators.channel.re_evaluation import (
    trigger_technical_evaluators_re_evaluation_with_updated_data,
)

__all__ = [
    "MatrixChannel",
    "MatrixChannelConsumer",
    "MatrixChannelProducer",
    "create_matrix_channel",
    "del_chan",
    "get_chan",
    "set_chan",
    "trigger_technical_evaluators_re_evaluation_with_updated_data",
]
