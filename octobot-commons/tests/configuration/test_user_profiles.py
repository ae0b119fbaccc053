# SPDX-License-Identifier: Apache-2.0
"""Making, copying, handing on and deleting profiles; the profile of the fixture is one of OctoBot 2.x."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_commons.configuration import find_profile, load_profile
from octobot_commons.configuration.installed_profiles import user_profiles
from octobot_commons.configuration.profile_archives import export_profile, import_profile
from octobot_commons.configuration.user_profiles import (
    delete_profile,
    duplicate_profile,
    new_profile_folder,
    own_profile_folder,
)
from octobot_commons.errors import ArchiveError, ProfileError, UserInputError


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def packed(folder: Path, target: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_in(folder).items():
            archive.writestr(prefix + name, content)
    return target


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, installed: Path) -> Path:
    """The folder of the user's profiles; ``tests_daily`` is one that a package brings."""
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))
    (installed / "__init__.py").write_text("raise AssertionError('imported')")
    return tmp_path / "home" / "profiles"


@pytest.fixture
def old(profile_folder: Path) -> Path:
    """A profile of 2.x with what such profiles bring along."""
    (profile_folder / "default_profile.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (profile_folder / "specific_config" / "GridTradingMode.json").write_bytes(
        b'{"pair_settings": [\r\n {"pair": 1.10}]}'
    )
    return profile_folder


@pytest.mark.parametrize("name", ["", "a b", "../a", "a/b", ".a", "-a", "CON", "nul", "a" * 65, "é", "a\n"])
def test_names_that_no_profile_can_have(name: str) -> None:
    with pytest.raises(UserInputError, match="cannot be the name of a profile"):
        new_profile_folder(name)


def test_names_that_are_taken(home: Path) -> None:
    with pytest.raises(UserInputError, match="an installed profile is called tests_daily"):
        new_profile_folder("tests_daily")
    duplicate_profile("tests_daily", "Mine")
    for name in ("Mine", "mine"):
        with pytest.raises(UserInputError, match="there is a profile") as caught:
            new_profile_folder(name)
        assert caught.value.remedy == "choose another name"


def test_a_duplicate_has_its_own_name_and_nothing_else_of_its_own(home: Path, old: Path) -> None:
    text = (old / "profile.json").read_text().replace("1000.1234567890124", "1000.123456789012345678")
    (old / "profile.json").write_text(text)
    assert duplicate_profile(str(old), "mine", "Mine!") == home / "mine"
    before, after = files_in(old), files_in(home / "mine")
    assert b"1000.123456789012345678" in after["profile.json"]
    first, second = (json.loads(files.pop("profile.json")) for files in (before, after))
    assert after == before
    assert second["profile"] == {**first["profile"], "id": "mine", "name": "Mine!"}
    assert second["config"] == first["config"]
    again = duplicate_profile("mine", "again")
    assert load_profile(again).to_dict() == {
        **load_profile(old).to_dict(),
        "profile": {"id": "again", "name": "again", "description": "A profile"},
    }


def test_what_ties_a_profile_to_its_package_stays_there(home: Path) -> None:
    duplicate_profile("tests_daily", "mine")
    assert not (home / "mine" / "__init__.py").exists()
    export_profile("tests_daily", home / "daily.zip")
    assert "__init__.py" not in zipfile.ZipFile(home / "daily.zip").namelist()


def test_only_own_profiles_are_deleted(home: Path, old: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        delete_profile("tests_daily")
    assert "comes with a package and cannot be changed" in str(caught.value)
    assert caught.value.remedy == "`octobot profile duplicate tests_daily NEW` makes one that can be"
    with pytest.raises(ProfileError, match="there are none yet"):
        delete_profile(str(old))
    for name in ("mine", "other"):
        duplicate_profile("tests_daily", name)
    with pytest.raises(ProfileError, match=r"did you mean mine\?"):
        own_profile_folder("mien")
    assert delete_profile("mine") == home / "mine"
    assert list(user_profiles()) == ["other"]
    assert [path.name for path in home.iterdir()] == ["other"]


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_linked_profile_is_unlinked_only(home: Path, old: Path) -> None:
    home.mkdir(parents=True)
    (home / "linked").symlink_to(old)
    before = files_in(old)
    delete_profile("linked")
    assert not (home / "linked").is_symlink()
    assert files_in(old) == before


@pytest.mark.parametrize("form", ["folder", "files at the root", "in a folder", "deep"])
def test_imports_keep_every_byte(home: Path, old: Path, tmp_path: Path, form: str) -> None:
    prefixes = {"files at the root": "", "in a folder": "my_profile/", "deep": "a/my_profile/"}
    source = old if form == "folder" else packed(old, tmp_path / "my profile.zip", prefixes[form])
    imported = import_profile(source)
    assert imported.folder == home / "my_profile"
    assert files_in(imported.folder) == files_in(old)
    assert (imported.left_out, imported.removed_keys) == ((), ())
    assert find_profile("my_profile") == imported.folder
    assert import_profile(source, "other").folder == home / "other"


def test_what_stands_beside_the_profile_is_left_out(home: Path, old: Path, tmp_path: Path) -> None:
    source = packed(old, tmp_path / "a.zip", "mine/")
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("README.txt", "")
        archive.writestr("mine/inner/profile.json", "{}")
        archive.writestr("__MACOSX/mine/._profile.json", "")
    imported = import_profile(source)
    assert imported.left_out == ("README.txt",)
    assert (imported.folder / "inner" / "profile.json").exists()


def test_imports_that_hold_no_profile_or_several(home: Path, old: Path, tmp_path: Path) -> None:
    source = packed(old, tmp_path / "a.zip", "one/")
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("two/profile.json", "{}")
    with pytest.raises(ProfileError, match="it holds several profiles: one, two") as caught:
        import_profile(source)
    assert caught.value.remedy == "import them one by one"
    (old / "profile.json").unlink()
    with pytest.raises(ProfileError, match=r"it holds no profile.json"):
        import_profile(old)
    with pytest.raises(ArchiveError, match="no such folder or zip archive"):
        import_profile(tmp_path / "nowhere")
    assert not home.exists()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("../outside.json", b"{}", ArchiveError),
        ("/tmp/outside.json", b"{}", ArchiveError),
        ("Profile.json", b"{}", ArchiveError),
        ("specific_config/CON.json", b"{}", ArchiveError),
        ("bomb.json", b" " * 9_000_000, ArchiveError),
        ("specific_config/A.json", b"{", ProfileError),
        ("specific_config/A.json", b"[" * 9_000, ProfileError),
        ("specific_config/A.json", b'{"a": ' + b"9" * 9_000 + b"}", ProfileError),
    ],
)
def test_hostile_imports_leave_nothing(
    home: Path, old: Path, tmp_path: Path, name: str, content: bytes, error: type[Exception]
) -> None:
    source = packed(old, tmp_path / "a.zip")
    with zipfile.ZipFile(source, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    with pytest.raises(error):
        import_profile(source)
    assert not home.exists()
    assert not (tmp_path / "outside.json").exists()


def test_keys_are_refused_or_removed(home: Path, old: Path, tmp_path: Path) -> None:
    content = json.loads((old / "profile.json").read_text())
    content["config"]["exchanges"]["binance"] |= {"api-key": "abcdef", "api-secret": "ghijkl"}
    (old / "profile.json").write_text(json.dumps(content))
    (old / "specific_config" / "Hook.json").write_text('{"token": "mnopqr", "port": 8000.10}')
    target = tmp_path / "out.zip"
    for act in (lambda: import_profile(old, "a"), lambda: export_profile(str(old), target)):
        with pytest.raises(ProfileError) as caught:
            act()
        text = str(caught.value)
        for word in ("config.exchanges.binance.api-key", "api-secret", "Hook.json: token", "--remove-keys"):
            assert word in text
        assert not any(secret in text for secret in ("abcdef", "ghijkl", "mnopqr"))
    assert not home.exists()
    assert not target.exists()
    fields = (
        "profile.json: config.exchanges.binance.api-key",
        "profile.json: config.exchanges.binance.api-secret",
        "specific_config/Hook.json: token",
    )
    imported = import_profile(old, "a", remove_keys=True)
    assert imported.removed_keys == fields
    assert export_profile(str(old), target, remove_keys=True) == fields
    assert files_in(import_profile(target, "b").folder) == files_in(imported.folder)
    everything = b"".join(files_in(imported.folder).values())
    assert not any(secret in everything for secret in (b"abcdef", b"ghijkl", b"mnopqr"))
    assert b"8000.10" in everything
    assert export_profile("a", tmp_path / "clean.zip") == ()


def test_an_export_overwrites_only_when_told(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.zip"
    export_profile("tests_daily", target)
    before = target.read_bytes()
    with pytest.raises(UserInputError, match="exists already"):
        export_profile("tests_daily", target)
    export_profile("tests_daily", target, overwrite=True)
    assert target.read_bytes() == before


NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EXTRA = st.dictionaries(
    st.from_regex(r"[a-z]{1,8}\.(json|png|txt)", fullmatch=True), st.binary(max_size=40), max_size=3
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(content=st.dictionaries(st.text(max_size=5), JSON, max_size=3), extra=EXTRA)
def test_any_profile_goes_round(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object], extra: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    source = folder / "source"
    (source / "specific_config").mkdir(parents=True)
    (source / "profile.json").write_text(json.dumps({"config": {}, "profile": {"extra": content}}))
    for name, data in extra.items():
        readable = json.dumps({"data": data.hex()}).encode() if name.endswith(".json") else data
        (source / "specific_config" / name).write_bytes(readable)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OCTOBOT_HOME", str(folder / "first"))
        first = import_profile(source, "mine").folder
        assert files_in(first) == files_in(source)
        export_profile("mine", folder / "one.zip")
        patch.setenv("OCTOBOT_HOME", str(folder / "second"))
        second = import_profile(folder / "one.zip", "mine").folder
        export_profile("mine", folder / "two.zip")
        duplicate_profile("mine", "copy")
        assert json.loads((second.parent / "copy" / "profile.json").read_text())["profile"]["extra"] == content
    assert files_in(second) == files_in(source)
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()
