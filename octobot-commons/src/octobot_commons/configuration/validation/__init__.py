# SPDX-License-Identifier: Apache-2.0
"""Everything that is wrong with a profile, at once.

::

    problem.py      one finding: how bad, where, what to do
    profile.py      the order of the checks
    files.py        what the folder holds that nothing reads, keys that must not be there
    credentials.py  API keys, which no profile carries
    trading.py      pairs, portfolio, exchanges
    tentacles.py    activation, settings
    requirements.py what tentacles require of each other
    roles.py        what a profile needs in order to run
"""

from __future__ import annotations

from octobot_commons.configuration.validation.credentials import find_credentials
from octobot_commons.configuration.validation.problem import Problem, Severity
from octobot_commons.configuration.validation.profile import validate_profile

__all__ = ["Problem", "Severity", "find_credentials", "validate_profile"]
