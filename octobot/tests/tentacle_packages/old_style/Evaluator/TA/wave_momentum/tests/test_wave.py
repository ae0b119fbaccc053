# SPDX-License-Identifier: Apache-2.0
raise RuntimeError("tests are not imported")
