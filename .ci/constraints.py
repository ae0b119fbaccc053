# SPDX-License-Identifier: Apache-2.0
"""Pin packages to wheel files: the names of ours below 3.0 are other people's on the public index.

python .ci/constraints.py FOLDER OUT writes one `name @ file://...` line for each wheel in FOLDER that this Python can
install. It needs only the pip of the Python that runs it, for it also runs where wheels are built, in a bare container.
"""

import sys
from pathlib import Path

from pip._vendor.packaging.tags import sys_tags
from pip._vendor.packaging.utils import parse_wheel_filename


def constraints(folder: Path) -> list[str]:
    """The lines, sorted by name; where several wheels of a package fit, the most specific one."""
    ranks = {tag: rank for rank, tag in enumerate(sys_tags())}
    best: dict[str, tuple[int, Path]] = {}
    for wheel in sorted(folder.glob("*.whl")):
        name, _, _, tags = parse_wheel_filename(wheel.name)
        fitting = [ranks[tag] for tag in tags if tag in ranks]
        if fitting and (name not in best or min(fitting) < best[name][0]):
            best[name] = (min(fitting), wheel)
    return [f"{name} @ {wheel.resolve().as_uri()}" for name, (_, wheel) in sorted(best.items())]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text("".join(line + "\n" for line in constraints(Path(sys.argv[1]))), encoding="utf-8")
