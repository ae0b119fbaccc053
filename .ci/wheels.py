# SPDX-License-Identifier: Apache-2.0
"""Build sdists and wheels, and test them as a user gets them: python .ci/wheels.py [PACKAGE...]

Each wheel is built from its package's sdist; a compiled one for every Python found and checked by auditwheel, a pure
one once. Then, for each package and each Python, a clean environment gets the wheel with what it requires, its siblings
from the wheel files, and the tests of the sdist run from a folder without sources. Everything lands in .dist.
"""

from __future__ import annotations

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
        run(sys.executable, "-m", "pip", "--python", (env or self.env) / "bin" / "python", "-qq", *arguments)

    def make_env(self, folder: Path, *options: str) -> None:
        run(self.executable, "-m", "venv", *options, folder)


def found_interpreters() -> list[Interpreter]:
    """CPython 3.11 to 3.13, as far as the machine has them."""
    lines = subprocess.run([ROOT / ".ci/find-python.sh", "--all"], capture_output=True, text=True, check=True).stdout
    return [Interpreter(version, Path(path)) for version, path in (line.split(" ", 1) for line in lines.splitlines())]


def build_sdist(package: Package) -> Path:
    """Build it, and unpack it for its tests."""
    print(f"--> {package.name}: sdist", flush=True)
    run(sys.executable, "-m", "build", "--sdist", "--outdir", SDISTS, package.folder)
    (sdist,) = SDISTS.glob(f"{package.import_name}-{package.version}.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(SOURCES, filter="data")
    return sdist


def build_wheels(package: Package, sdist: Path, interpreters: list[Interpreter]) -> None:
    """From the sdist, for every Python where compiled."""
    for interpreter in interpreters if package.is_compiled else interpreters[-1:]:
        print(f"--> {package.name}: wheel for {interpreter.version if package.is_compiled else 'all'}", flush=True)
        shutil.rmtree(RAW, ignore_errors=True)
        interpreter.pip("wheel", "--no-deps", "--wheel-dir", RAW, sdist)
        (wheel,) = RAW.glob("*.whl")
        if package.is_compiled and LINUX:
            run(sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", WHEELS, wheel)
        else:
            shutil.move(wheel, WHEELS)


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
    source = SOURCES / f"{package.import_name}-{package.version}"
    elsewhere = env / "elsewhere"
    elsewhere.mkdir()
    command = [str(env / "bin" / "python"), "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml")]
    command += ["--rootdir", str(source), "-p", "no:cacheprovider", str(source / "tests")]
    if subprocess.run(command, cwd=elsewhere, check=False).returncode:
        raise SystemExit(f"failed: the tests of {package.name} on {interpreter.version}")
    shutil.rmtree(env)


def main(names: list[str]) -> None:
    wanted = packages(names)
    interpreters = found_interpreters()
    shutil.rmtree(DIST, ignore_errors=True)
    for folder in (SDISTS, WHEELS, SOURCES, ENVS):
        folder.mkdir(parents=True)
    for interpreter in interpreters:
        interpreter.make_env(interpreter.env)
    for package in with_siblings(wanted):
        build_wheels(package, build_sdist(package), interpreters)
    run(sys.executable, "-m", "twine", "check", "--strict", *sorted(SDISTS.iterdir()), *sorted(WHEELS.iterdir()))
    for interpreter in interpreters:
        run(interpreter.env / "bin" / "python", ROOT / ".ci/constraints.py", WHEELS, interpreter.constraints)
        for package in wanted:
            test(package, interpreter)
    shutil.rmtree(ENVS)
    versions = ", ".join(interpreter.version for interpreter in interpreters)
    print(f"built and tested {', '.join(package.name for package in wanted)} for Python {versions}: .dist/wheels")


if __name__ == "__main__":
    main(sys.argv[1:])
