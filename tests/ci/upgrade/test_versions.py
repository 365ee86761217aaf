"""A release is found by each of the ways to write it, and what cannot be had is told in a paragraph with a way out."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import pytest
from botoproof.ci.upgrade import packages
from botoproof.ci.upgrade.asking import Asked, NoAnswer, command_of
from botoproof.ci.upgrade.cache import VARIABLE
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import INSTALLED, LATEST, find_sdk
from botoproof.contract.errors import BadConfiguration, SdkUnavailable

HELLO = "__version__ = {version!r}\n"


def plant_wheel(folder: Path, version: str, *, name: str = "botocore", needs: str = "", python: str = "") -> Path:
    """Write a wheel that pip installs, with a package that knows no more than its version."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    told += f"Requires-Dist: {needs}\n" if needs else ""
    told += f"Requires-Python: {python}\n" if python else ""
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", HELLO.format(version=version))
        wheel.writestr(f"{info}/METADATA", told)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", f"{name}/__init__.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return path


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the only index there is, and an empty cache."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    packages.releases.cache_clear()
    return folder


def test_a_number_is_fetched_once_and_then_found_without_an_index(index: Path) -> None:
    plant_wheel(index, "1.43.127").rename(index / "botocore-1.43.127-py3-none-any.whl")
    first = find_sdk("1.43.127")
    (index / "botocore-1.43.127-py3-none-any.whl").unlink()

    again = find_sdk("1.43.127")

    assert again == first == Sdk("1.43.127", "1.43.127", first.place)
    assert first.place.is_file()


def test_a_release_that_does_not_exist_is_refused_with_those_beside_it(index: Path) -> None:
    for version in ("1.42.0", "1.43.127", "1.44.0"):
        plant_wheel(index, version)

    with pytest.raises(SdkUnavailable) as told:
        find_sdk("1.43.200")

    assert str(told.value) == "there is no release 1.43.200 of botocore; did you mean 1.43.127 or 1.44.0?"
    assert not list((index.parent / "cache" / "wheels").iterdir())


@pytest.mark.slow
def test_an_index_that_is_not_there_is_told_with_what_is_cached(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant_wheel(index, "1.43.127")
    find_sdk("1.43.127")
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://user:word@127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")

    with pytest.raises(SdkUnavailable) as told:
        find_sdk("1.44.0")

    assert re.fullmatch(
        r"botocore 1\.44\.0 cannot be fetched, as the package index cannot be reached \(.*\); in the cache: 1\.43\.127",
        str(told.value),
    )
    assert "word" not in str(told.value)


@pytest.mark.slow
def test_latest_without_an_index_is_no_guess(index: Path) -> None:
    with pytest.raises(SdkUnavailable, match=r"cannot be asked which releases of botocore there are: .*: none$"):
        find_sdk(LATEST)

    assert list(index.iterdir()) == []


@pytest.mark.slow
def test_latest_is_the_newest_on_the_index(index: Path) -> None:
    for version in ("1.9.0", "1.43.127", "1.44.0"):
        plant_wheel(index, version)

    assert find_sdk(LATEST).version == "1.44.0"


def test_a_wheel_is_known_by_its_metadata(tmp_path: Path) -> None:
    wheel = plant_wheel(tmp_path, "1.44.0")

    assert find_sdk(str(wheel)) == Sdk(str(wheel), "1.44.0", wheel)


def test_a_python_is_asked_for_its_botocore() -> None:
    found, installed = find_sdk(sys.executable), find_sdk(INSTALLED)

    assert (found.version, found.place, found.python) == (installed.version, installed.place, Path(sys.executable))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("lates", r"'lates' is no release of the SDK: expected a number .*; did you mean latest\?"),
        ("/nowhere/python", r"'/nowhere/python' is no release of the SDK: there is no such file; expected a number .*"),
        ("/nowhere/x.whl", r"there is no wheel /nowhere/x\.whl"),
        ("{tmp}", r"{tmp} is neither a python nor the folder of a virtual environment"),
        ("{tmp}/broken.whl", r"{tmp}/broken\.whl is no wheel: File is not a zip file"),
        ("{tmp}/boto3-1.0-py3-none-any.whl", r".* is no wheel of botocore: its metadata names boto3"),
        ("{tmp}/bare", r"{tmp}/bare has no botocore that can be imported: ModuleNotFoundError: .*"),
        ("{tmp}/mute", r"{tmp}/mute does not answer as a python does"),
    ],
)
def test_what_names_no_release_is_refused_in_a_paragraph(given: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "broken.whl").write_text("half a downl", "utf-8")
    plant_wheel(tmp_path, "1.0", name="boto3")
    for name, source in {"bare": f'exec {sys.executable} -S "$@"', "mute": "exit 0"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{source}\n", "utf-8")
        (tmp_path / name).chmod(0o755)

    with pytest.raises((BadConfiguration, SdkUnavailable)) as told:
        find_sdk(given.format(tmp=tmp_path))

    assert re.fullmatch(message.format(tmp=re.escape(str(tmp_path))), str(told.value))


@pytest.mark.slow
def test_a_release_for_another_python_is_not_answered_and_the_cache_stays_sound(index: Path) -> None:
    sdk = find_sdk(str(plant_wheel(index, "1.44.0", python=">=4")))

    with pytest.raises(NoAnswer, match=r"botocore 1\.44\.0 does not run here: .* cannot be installed here: .*Python"):
        command_of(sdk)

    assert not list((index.parent / "cache" / "sdks").iterdir())


@pytest.mark.slow
def test_what_a_release_needs_is_installed_with_it_and_nothing_of_ours_stands_in(index: Path) -> None:
    plant_wheel(index, "1.26.20", name="urllib3")
    plant_wheel(index, "2.8.0", name="urllib3")
    sdk = find_sdk(str(plant_wheel(index, "1.44.0", needs="urllib3<2")))

    command = command_of(sdk)

    folder = Path(command[-1])
    assert "1.26.20" in (folder / "urllib3" / "__init__.py").read_text("utf-8")
    with Asked(command, str(sdk)) as asked, pytest.raises(NoAnswer, match=r"No module named 'botocore\.\w+'"):
        asked.ask("hello")
