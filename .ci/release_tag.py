# SPDX-License-Identifier: Apache-2.0
"""Tell which package a tag releases, and refuse a tag that does not fit that package.

python .ci/release_tag.py octobot-commons-v3.1.0 prints `name=octobot-commons` and `compiled=false`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from monorepo import NAMES, ROOT, Package


class TagError(Exception):
    """The tag must not be released; the message says why and what to do."""


def released(tag: str, root: Path = ROOT) -> Package:
    """The package that `<distribution>-vX.Y.Z` releases; TagError where its files do not say the same version."""
    match = re.fullmatch(r"(?P<name>[a-z-]+)-v(?P<version>\d+\.\d+\.\d+)", tag)
    if match is None or match["name"] not in NAMES:
        raise TagError(f"{tag!r} is not <package>-vX.Y.Z with a package of {', '.join(NAMES)}")
    package = Package(match["name"], root)
    if package.version != match["version"]:
        raise TagError(
            f"the tag says {match['version']}, {package.name}/pyproject.toml {package.version}: "
            "set the version, commit, then tag that commit"
        )
    changelog = (package.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## \[{re.escape(package.version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        raise TagError(f'{package.name}/CHANGELOG.md has no dated entry "## [{package.version}] - YYYY-MM-DD"')
    return package


def main(tag: str) -> int:
    try:
        package = released(tag)
    except TagError as error:
        print(f"not released: {error}", file=sys.stderr)
        return 1
    print(f"name={package.name}", f"compiled={str(package.is_compiled).lower()}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
