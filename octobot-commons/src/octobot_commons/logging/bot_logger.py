# SPDX-License-Identifier: Apache-2.0
"""A logger that takes the exception first, without touching how other loggers of the program work."""

from __future__ import annotations

import logging
from typing import cast


class BotLogger(logging.Logger):
    """A ``logging.Logger`` whose ``exception`` takes the exception first."""

    def exception(  # type: ignore[override]  # promised to tentacles in this form
        self,
        exception: BaseException | str,
        publish_error_if_necessary: bool = True,
        error_message: str | None = None,
        include_exception_name: bool = True,
    ) -> None:
        """Log an error with the exception's own traceback.

        The text is ``error_message``, or the exception's own, followed by the exception's class name in parentheses.
        The record's ``publish_error`` attribute tells handlers whether the user should be shown it.
        A text in place of an exception is logged with the traceback being handled, as the standard library does.
        """
        if isinstance(exception, BaseException):
            text = error_message or str(exception)
            name = type(exception).__name__
            if not text:
                text = name
            elif include_exception_name:
                text = f"{text} ({name})"
            exc_info: BaseException | bool = exception
        else:
            text = error_message or exception
            exc_info = True
        extra = {"publish_error": publish_error_if_necessary}
        # The text goes in as an argument: a "%" in it is no placeholder. stacklevel 2 names the caller's line.
        self.error("%s", text, exc_info=exc_info, extra=extra, stacklevel=2)


def get_logger(name: str = "OctoBot") -> BotLogger:
    """The logger of this name, the same object that ``logging.getLogger(name)`` returns."""
    logger = logging.getLogger(name)
    if not isinstance(logger, BotLogger):
        # Changing this one object's class leaves the program's other loggers and its logger class alone.
        logger.__class__ = _bot_class(type(logger))
    return cast(BotLogger, logger)


def _bot_class(logger_class: type[logging.Logger]) -> type[logging.Logger]:
    if logger_class is logging.Logger:
        return BotLogger
    # The program has a logger class of its own: keep what it does.
    return type(f"Bot{logger_class.__name__}", (BotLogger, logger_class), {})
