# SPDX-License-Identifier: Apache-2.0
"""A secret is in nothing that is shown or written."""

from __future__ import annotations

import base64
import copy
import json
import logging
import pickle
import subprocess
import sys
from io import StringIO
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.secrets import RedactingFormatter, Secret, redact, redacted_traceback
from octobot_commons.secrets.redaction import REDACTED

_CANARY = 'cAnArY/7f+Zq=%&9"x'


def test_a_secret_shows_itself_to_nobody_but_who_asks() -> None:
    secret = Secret(_CANARY)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>40}",
        repr([secret]),
        repr({1: secret}),
    ]
    assert not any(_CANARY in text for text in shown)
    assert secret.reveal() == _CANARY
    for write in (lambda: json.dumps(secret), lambda: pickle.dumps(secret), lambda: copy.deepcopy(secret)):
        with pytest.raises(TypeError):
            write()
    assert secret == Secret(_CANARY)
    assert secret != Secret(_CANARY + "x")
    assert secret != _CANARY
    assert len({secret, Secret(_CANARY)}) == 1


@pytest.mark.parametrize("value", ["", None, b"x"])
def test_what_is_no_text_is_no_secret(value: object) -> None:
    with pytest.raises(ValueError, match="text"):
        Secret(value)  # type: ignore[arg-type]


@given(
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=10, max_size=64),
    before=st.binary(max_size=8),
    after=st.binary(max_size=8),
)
def test_it_is_taken_out_in_every_form(secret: str, before: bytes, after: bytes) -> None:
    Secret(secret)
    raw = secret.encode()
    for text in (
        secret, quote(secret), quote(secret, safe=""), quote_plus(secret), urlencode({"x": secret}),
        json.dumps([secret]), repr(secret), raw.hex(),
    ):  # fmt: skip
        assert REDACTED in redact(f"before {text} after")
        assert secret not in redact(f"before {text} after")
    # Whatever stands beside it in what is encoded, no twelve characters of it can be read back.
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        left = redact(encode(before + raw + after).decode()).replace(REDACTED, " ")
        assert max(len(part) for part in left.split(" ")) <= 4 * (max(len(before), len(after)) // 3 + 2)


@pytest.mark.parametrize(
    "text",
    [
        "GET https://api.binance.com/api/v3/account?timestamp=1&signature=0123456789abcdef",
        "{'X-MBX-APIKEY': 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsW0MuIgwCIPy6utIco14y7Ju91duEh8A'}",
        'headers: {"KC-API-KEY": "5c2db93503aa674c74a31734", "other": 1}',
        "Authorization: Bearer abc.def.ghi",
        "authorization=Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "api_secret=abc",
        "password: hunter2",
        "wss://stream.binance.com/ws?listenKey=pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1",
    ],
)
def test_what_stands_where_secrets_stand_is_taken_out(text: str) -> None:
    shown = redact(text)
    assert REDACTED in shown
    for word in ("0123456789abcdef", "vmPUZE6", "5c2db935", "abc", "QWxhZGR", "hunter2", "pqia91"):
        assert word not in shown


@pytest.mark.parametrize(
    "text", ["BTC/USDT 1h: 58,419 candles", "the password is wrong", "order 12 of key value", "signature of a method"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert redact(text) is text or redact(text) == text


def test_logs_and_tracebacks_have_none() -> None:
    secret = Secret("log-canary-3f9a2b")
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(logging.Formatter("%(levelname)s %(message)s")))
    logger = logging.getLogger("test_secrets.canary")
    logger.propagate = False
    logger.addHandler(handler)
    logger.warning("asked with %s", secret.reveal())
    error = RuntimeError(f"refused: {secret.reveal()}")
    logger.error("it failed", exc_info=error)
    assert stream.getvalue().count(REDACTED) == 2
    for text in (stream.getvalue(), redacted_traceback(error)):
        assert secret.reveal() not in text
        assert "RuntimeError" in text


def test_a_process_that_dies_tells_none() -> None:
    program = """
import logging, threading
from octobot_commons.secrets import Secret, redact_outputs
secret = Secret("process-canary-81c0de")
logging.basicConfig()
redact_outputs()
logging.getLogger("x").error("with %s", secret.reveal())
def fail():
    raise RuntimeError(secret.reveal())
thread = threading.Thread(target=fail)
thread.start()
thread.join()
class Unraisable:
    def __del__(self):
        raise RuntimeError(secret.reveal())
Unraisable()
fail()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "process-canary" not in done.stderr + done.stdout
    assert done.stderr.count(REDACTED) == 4
