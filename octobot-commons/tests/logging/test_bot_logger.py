# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import logging
import pickle

import pytest

from octobot_commons.logging import BotLogger, get_logger


def failure(text: str = "boom") -> ValueError:
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def test_it_is_the_logger_of_that_name_and_others_are_left_alone() -> None:
    other_class = logging.getLoggerClass()
    logger = get_logger("test.bot")
    assert isinstance(logger, BotLogger)
    assert logging.getLogger("test.bot") is logger is get_logger("test.bot")
    assert logging.getLoggerClass() is other_class
    assert type(logging.getLogger("test.other")) is other_class
    assert pickle.loads(pickle.dumps(logger)) is logger


def test_exception_first(caplog: pytest.LogCaptureFixture) -> None:
    error = failure()
    get_logger("test.first").exception(error, True, "while testing 50% of it")
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "while testing 50% of it (ValueError)"
    assert record.exc_info is not None
    assert record.exc_info[1] is error
    assert record.publish_error is True
    assert (record.funcName, record.filename) == ("test_exception_first", "test_bot_logger.py")


def test_texts(caplog: pytest.LogCaptureFixture) -> None:
    logger = get_logger("test.texts")
    logger.exception(failure())  # noqa: LOG004
    logger.exception(failure(), False, include_exception_name=False)  # noqa: LOG004
    logger.exception(failure(""))  # noqa: LOG004
    assert [record.getMessage() for record in caplog.records] == ["boom (ValueError)", "boom", "ValueError"]
    assert [record.publish_error for record in caplog.records] == [True, False, True]


def test_text_in_place_of_the_exception(caplog: pytest.LogCaptureFixture) -> None:
    inner = failure("inner")
    try:
        raise inner
    except ValueError:
        get_logger("test.text").exception("it failed")
    assert caplog.records[0].exc_info is not None
    assert caplog.records[0].exc_info[1] is inner
    assert caplog.records[0].getMessage() == "it failed"


def test_the_programs_own_logger_class_keeps_working() -> None:
    class HostLogger(logging.Logger):
        def host(self) -> str:
            return self.name

    name = "test.host"
    manager = logging.Logger.manager
    before, manager.loggerClass = manager.loggerClass, HostLogger
    try:
        assert type(logging.getLogger(name)) is HostLogger
    finally:
        manager.loggerClass = before
    logger = get_logger(name)
    assert isinstance(logger, BotLogger)
    assert isinstance(logger, HostLogger)
    assert logger.host() == name
