# SPDX-License-Identifier: Apache-2.0
"""The folder ``octobot/`` must not pass for the package of that name.

pytest names the tests in it ``octobot.tests...`` and would make up a package ``octobot`` for them; the real one,
where it is installed, has to be there first.
"""

import contextlib

with contextlib.suppress(ModuleNotFoundError):
    import octobot  # noqa: F401
