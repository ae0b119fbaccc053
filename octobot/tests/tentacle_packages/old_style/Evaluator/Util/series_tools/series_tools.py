# SPDX-License-Identifier: Apache-2.0
class SeriesTools:
    @staticmethod
    def from_percent(value):
        return (value - 50) / 50

    @staticmethod
    def has_turned(series):
        return len(series) > 2 and (series[-1] - series[-2]) * (series[-2] - series[-3]) < 0

    @staticmethod
    def within(value, lower, upper):
        return 0 if upper == lower else max(-1, min(1, 2 * (value - lower) / (upper - lower) - 1))
