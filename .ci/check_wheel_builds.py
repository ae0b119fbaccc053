# SPDX-License-Identifier: Apache-2.0
"""Check that cibuildwheel would build, for each compiled package, exactly the wheels that we promise."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product

from monorepo import ROOT, Package, packages

PYTHONS = ("cp311", "cp312", "cp313")
PLATFORMS = {
    "linux": ("manylinux_x86_64", "musllinux_x86_64", "manylinux_aarch64", "musllinux_aarch64"),
    "macos": ("macosx_arm64", "macosx_x86_64"),
    "windows": ("win_amd64",),
}


def expected(platform: str) -> set[str]:
    """The identifiers promised on a platform."""
    return {f"{python}-{suffix}" for python, suffix in product(PYTHONS, PLATFORMS[platform])}


def planned(package: Package, platform: str) -> set[str]:
    """The identifiers that cibuildwheel selects, as configured."""
    command = [sys.executable, "-m", "cibuildwheel", "--print-build-identifiers", "--platform", platform]
    command += ["--config-file", str(ROOT / ".ci" / "cibuildwheel.toml"), str(package.folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CIBW_")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{package.name}: cibuildwheel refuses its configuration:\n{done.stderr}")
    return set(done.stdout.split())


def differences(planned_ones: set[str], expected_ones: set[str]) -> list[str]:
    """One line for each identifier that is in only one of the two."""
    missing = [f"would not build {identifier}" for identifier in sorted(expected_ones - planned_ones)]
    surplus = [f"would also build {identifier}" for identifier in sorted(planned_ones - expected_ones)]
    return missing + surplus


def main(names: list[str]) -> int:
    found = [
        f"{package.name}: {line}"
        for package in packages(names)
        if package.is_compiled
        for platform in PLATFORMS
        for line in differences(planned(package, platform), expected(platform))
    ]
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
