# SPDX-License-Identifier: Apache-2.0
"""Secrets, and what keeps them out of everything that is shown or written.

::

    secret.py      a text that shows itself to nobody
    redaction.py   takes known secrets, and what looks like one, out of texts: logs, tracebacks, replies
"""

from __future__ import annotations

from octobot_commons.secrets.redaction import RedactingFormatter, redact, redact_outputs, redacted_traceback
from octobot_commons.secrets.secret import Secret

__all__ = ["RedactingFormatter", "Secret", "redact", "redact_outputs", "redacted_traceback"]
