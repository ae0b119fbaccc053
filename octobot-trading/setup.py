# SPDX-License-Identifier: Apache-2.0
from Cython.Build import cythonize
from setuptools import Extension, setup

EXTENSIONS = [
    Extension("octobot_trading.exchange_data.ohlcv._candle_ring", ["src/octobot_trading/exchange_data/ohlcv/_candle_ring.pyx"]),
    Extension("octobot_trading.exchanges.simulated._matching", ["src/octobot_trading/exchanges/simulated/_matching.pyx"]),
]

setup(
    ext_modules=cythonize(
        EXTENSIONS,
        compiler_directives={"language_level": 3, "auto_pickle": False, "autotestdict": False},
    )
)
