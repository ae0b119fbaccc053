# SPDX-License-Identifier: Apache-2.0
import os

import numpy as np
from Cython.Build import cythonize
from setuptools import Extension, setup

ORDER_BOOK = "src/octobot_trading/exchange_data/order_book/"
SIMULATED = "src/octobot_trading/exchanges/simulated/"
EXTENSIONS = [
    Extension("octobot_trading.backtesting._replay_core", ["src/octobot_trading/backtesting/_replay_core.pyx"]),
    Extension(
        "octobot_trading.exchange_data.ohlcv._candle_ring", ["src/octobot_trading/exchange_data/ohlcv/_candle_ring.pyx"]
    ),
    Extension(
        "octobot_trading.exchange_data.order_book._book",
        [ORDER_BOOK + "_book.pyx"],
        depends=[ORDER_BOOK + "_side.pxi", ORDER_BOOK + "_rows.pxi"],
    ),
    Extension("octobot_trading.history.readers._plain_table", ["src/octobot_trading/history/readers/_plain_table.pyx"]),
    Extension(
        "octobot_trading.exchanges.simulated._matching",
        [SIMULATED + "_matching.pyx"],
        depends=[SIMULATED + "_heap.pxi", SIMULATED + "_intrabar.pxi"],
    ),
]

for extension in EXTENSIONS[1:3]:  # the candle ring and the order book make arrays
    extension.include_dirs += [np.get_include()]
    extension.define_macros += [("NPY_NO_DEPRECATED_API", "NPY_1_7_API_VERSION")]

# `make cov` counts the lines of the .pyx files too; such a build is several times slower and is never released.
LINE_TRACE = os.environ.get("CYTHON_LINE_TRACE") == "1"
if LINE_TRACE:
    for extension in EXTENSIONS:
        extension.define_macros += [("CYTHON_TRACE_NOGIL", "1"), ("CYTHON_USE_SYS_MONITORING", "0")]

setup(
    ext_modules=cythonize(
        EXTENSIONS,
        compiler_directives={
            "language_level": 3,
            "auto_pickle": False,
            "autotestdict": False,
            "linetrace": LINE_TRACE,
            # Plain built-in methods are faster to call; the signatures are for inspect and stubtest.
            "binding": False,
            "embedsignature": True,
            "embedsignature.format": "clinic",
        },
    )
)
