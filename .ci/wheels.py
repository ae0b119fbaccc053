# SPDX-License-Identifier: Apache-2.0
"""Build sdists and wheels, and test them as a user gets them: python .ci/wheels.py [--portable | --test] [PACKAGE...]

Each wheel is built from its package's sdist; a compiled one for every Python found and checked by auditwheel, a pure
one once. Then, for each package and each Python, a clean environment gets the wheel with what it requires, its siblings
from the wheel files, and the tests of the sdist run from a folder without sources. Everything lands in .dist.

--portable only builds what one machine can build for all: the sdists and the pure wheels. --test only tests what .dist
holds already, on the Python that runs this.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from monorepo import ROOT, Package, packages, with_siblings

DIST = ROOT / ".dist"
SDISTS, WHEELS, RAW, SOURCES, ENVS = (DIST / name for name in ("sdists", "wheels", "raw", "src", "envs"))
LINUX = sys.platform == "linux"
BIN = "Scripts" if sys.platform == "win32" else "bin"


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run quietly; on failure show what the command printed and stop."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nfailed: {' '.join(str(part) for part in command)}")


@dataclass(frozen=True)
class Interpreter:
    """A Python to build and test for, through an environment of its own that has pip."""

    version: str
    executable: Path
    env: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "env", ENVS / self.version)

    @property
    def constraints(self) -> Path:
        return DIST / f"constraints-{self.version}.txt"

    def pip(self, *arguments: str | Path, env: Path | None = None) -> None:
        """Run our pip for this Python's own environment, or for another one that it made."""
        run(sys.executable, "-m", "pip", "--python", (env or self.env) / BIN / "python", "-qq", *arguments)

    def make_env(self, folder: Path, *options: str) -> None:
        run(self.executable, "-m", "venv", *options, folder)


def found_interpreters() -> list[Interpreter]:
    """CPython 3.11 to 3.13, as far as the machine has them."""
    lines = subprocess.run([ROOT / ".ci/find-python.sh", "--all"], capture_output=True, text=True, check=True).stdout
    return [Interpreter(version, Path(path)) for version, path in (line.split(" ", 1) for line in lines.splitlines())]


def running_interpreter() -> Interpreter:
    return Interpreter(f"{sys.version_info.major}.{sys.version_info.minor}", Path(sys.executable))


def sdist_of(package: Package) -> Path:
    return SDISTS / f"{package.import_name}-{package.version}.tar.gz"


def build_sdist(package: Package) -> None:
    print(f"--> {package.name}: sdist", flush=True)
    run(sys.executable, "-m", "build", "--sdist", "--outdir", SDISTS, package.folder)


def build_wheel(package: Package, interpreter: Interpreter) -> None:
    """From the sdist."""
    print(f"--> {package.name}: wheel for {interpreter.version if package.is_compiled else 'all'}", flush=True)
    shutil.rmtree(RAW, ignore_errors=True)
    interpreter.pip("wheel", "--no-deps", "--wheel-dir", RAW, sdist_of(package))
    (wheel,) = RAW.glob("*.whl")
    if package.is_compiled and LINUX:
        run(sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", WHEELS, wheel)
    else:
        shutil.move(wheel, WHEELS)


def check_files() -> None:
    run(sys.executable, "-m", "twine", "check", "--strict", *sorted(SDISTS.iterdir()), *sorted(WHEELS.iterdir()))


def test(package: Package, interpreter: Interpreter) -> None:
    """Install the wheel into a clean environment and run the sdist's tests, neither of which sees a source folder."""
    print(f"--> {package.name}: test on {interpreter.version}", flush=True)
    env = ENVS / f"{interpreter.version}-{package.name}"
    interpreter.make_env(env, "--without-pip")
    interpreter.pip(
        "install",
        "--constraint",
        interpreter.constraints,
        "--group",
        f"{ROOT / 'pyproject.toml'}:test",
        package.name,
        env=env,
    )
    with tarfile.open(sdist_of(package)) as archive:
        archive.extractall(SOURCES, filter="data")
    source = SOURCES / f"{package.import_name}-{package.version}"
    elsewhere = env / "elsewhere"
    elsewhere.mkdir()
    command = [str(env / BIN / "python"), "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml")]
    command += ["--rootdir", str(source), "-p", "no:cacheprovider", str(source / "tests")]
    if subprocess.run(command, cwd=elsewhere, check=False).returncode:
        raise SystemExit(f"failed: the tests of {package.name} on {interpreter.version}")
    shutil.rmtree(env)


def build(wanted: list[Package], interpreters: list[Interpreter], *, portable: bool) -> None:
    """Sdists and wheels of the packages; only the pure wheels where portable."""
    shutil.rmtree(DIST, ignore_errors=True)
    for folder in (SDISTS, WHEELS):
        folder.mkdir(parents=True)
    for interpreter in interpreters:
        interpreter.make_env(interpreter.env)
    for package in wanted:
        build_sdist(package)
        if package.is_compiled and portable:
            continue
        for interpreter in interpreters if package.is_compiled else interpreters[-1:]:
            build_wheel(package, interpreter)
    check_files()


def test_all(wanted: list[Package], interpreters: list[Interpreter]) -> None:
    """Each package on each Python, against the wheels in .dist."""
    for interpreter in interpreters:
        if not interpreter.env.exists():
            interpreter.make_env(interpreter.env)
        run(interpreter.env / BIN / "python", ROOT / ".ci/constraints.py", WHEELS, interpreter.constraints)
        for package in wanted:
            test(package, interpreter)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--portable", action="store_true")
    parser.add_argument("--test", action="store_true")
    asked = parser.parse_args()
    wanted = packages(asked.packages)
    interpreters = [running_interpreter()] if asked.portable or asked.test else found_interpreters()
    if not asked.test:
        build(with_siblings(wanted), interpreters, portable=asked.portable)
    if not asked.portable:
        test_all(wanted, interpreters)
    shutil.rmtree(ENVS)
    versions = ", ".join(interpreter.version for interpreter in interpreters)
    print(f"done for {', '.join(package.name for package in wanted)}, Python {versions}: .dist/wheels")


if __name__ == "__main__":
    main()
