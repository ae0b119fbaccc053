# SPDX-License-Identifier: Apache-2.0
import octobot_commons.logging as logging
from octobot_tentacles_manager.api.inspector import check_tentacle_version

if check_tentacle_version("1.2.0", "wave_momentum", "Wave-Tentacles"):
    try:
        from .wave_momentum import WaveMomentumEvaluator
    except Exception as e:
        logging.get_logger("TentacleLoader").exception(e, True, f"Error when loading wave_momentum: {e}")
