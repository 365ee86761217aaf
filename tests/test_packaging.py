"""What the configuration says of the package, compared with what stands in the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

CHECKOUT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS: dict[str, Any] = PROJECT["tool"]["setuptools"]
FOLDERS = ("cassettes", "ci", "contract", "strategies")

PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[0-9][A-Za-z0-9.+!]*)")

# Put together from pieces here and below, or this file would be among the findings.
REGISTRY = re.compile(r"https?://\S*(?:pypi|pythonhosted|npmjs)", re.IGNORECASE)
MACHINE_PATH = re.compile(rf"(?<![\w.~-])/(?:{'|'.join(('root', 'work', 'opt/pypi'))})/")


def packages_in(checkout: Path) -> set[str]:
    """Return the dotted names of the folders that hold an ``__init__.py``."""
    inits = (path for folder in FOLDERS for path in (checkout / folder).rglob("__init__.py"))
    return {".".join(("botoproof", *path.parent.relative_to(checkout).parts)) for path in inits}


def data_files(checkout: Path) -> set[Path]:
    """Return what lies in the packages beside Python, but for the executables and the bench in ``ci/``."""
    files = (path for folder in FOLDERS for path in (checkout / folder).rglob("*") if path.is_file())
    return {
        path
        for path in files
        if path.suffix not in {".py", ".pyc"}
        and not path.is_relative_to(checkout / "ci" / "bench")
        and (path.parent != checkout / "ci" or path.name == "py.typed")
    }


def shipped_data(checkout: Path, patterns: dict[str, list[str]]) -> set[Path]:
    """Return the files that the package-data patterns match."""
    return {
        path
        for package, globs in patterns.items()
        for pattern in globs
        for path in (checkout / package.removeprefix("botoproof.").replace(".", "/")).glob(pattern)
    }


def pins() -> dict[str, Version]:
    """Return the constraints, by normalised name."""
    return {
        canonicalize_name(match["name"]): Version(match["version"])
        for match in map(PIN.fullmatch, constraints())
        if match
    }


def constraints() -> list[str]:
    """Return the lines of the constraints, without comments."""
    lines = (CHECKOUT / "ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def requirements(lines: Iterable[str], extras: Iterable[str] = ()) -> Iterator[Requirement]:
    """Yield the requirements that hold here for any of `extras`."""
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def installed_dependencies() -> set[str]:
    """Return all that botoproof with its development tools requires here, directly and transitively."""
    found: set[str] = set()
    waiting = [("botoproof", frozenset({"dev"}))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = entry = waiting.pop()
        if entry in seen:
            continue
        seen.add(entry)
        for requirement in requirements(metadata.requires(name) or (), extras):
            found.add(canonicalize_name(requirement.name))
            waiting.append((requirement.name, frozenset(requirement.extras)))
    return found


def texts_in_git(checkout: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file that is in git or about to be."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=checkout,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (checkout / name).is_file():
            yield name, (checkout / name).read_bytes().decode("latin-1")


def traces_of_a_machine(text: str) -> list[str]:
    """Return the addresses of registries and the paths of a machine of ours in `text`."""
    return [match[0] for pattern in (REGISTRY, MACHINE_PATH) for match in pattern.finditer(text)]


def test_the_package_list_holds_every_folder_with_an_init() -> None:
    """What is missing from the list works in the checkout, and is silently absent from the wheel."""
    assert sorted(SETUPTOOLS["packages"]) == sorted(packages_in(CHECKOUT))


def test_every_folder_of_python_files_is_a_package() -> None:
    loose = {
        str(path.relative_to(CHECKOUT))
        for folder in FOLDERS
        for path in (CHECKOUT / folder).rglob("*.py")
        if not (path.parent / "__init__.py").exists() and not path.is_relative_to(CHECKOUT / "ci" / "bench")
    }

    assert loose == set()


def test_each_folder_is_mapped_into_the_import_root() -> None:
    assert SETUPTOOLS["package-dir"] == {f"botoproof.{folder}": folder for folder in FOLDERS}


def test_every_data_file_is_shipped() -> None:
    unshipped = data_files(CHECKOUT) - shipped_data(CHECKOUT, SETUPTOOLS["package-data"])

    assert sorted(str(path.relative_to(CHECKOUT)) for path in unshipped) == []


def test_each_package_says_that_it_is_typed() -> None:
    assert [folder for folder in FOLDERS if not (CHECKOUT / folder / "py.typed").is_file()] == []


@pytest.mark.parametrize(
    ("name", "patterns", "unshipped"),
    [
        ("ci/report/report.schema.json", {"botoproof.ci": ["py.typed"]}, True),
        ("ci/report/report.schema.json", {"botoproof.ci": ["report/*.json"]}, False),
        ("cassettes/data/s3/GetObject/plain.yaml", {"botoproof.cassettes": ["data/*.yaml"]}, True),
        ("cassettes/data/s3/GetObject/plain.yaml", {"botoproof.cassettes": ["data/**/*.yaml"]}, False),
        ("ci/test", {}, False),
    ],
)
def test_a_planted_data_file_is_missed_only_without_a_pattern(
    tmp_path: Path, name: str, patterns: dict[str, list[str]], unshipped: bool
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.touch()

    assert (path in data_files(tmp_path) - shipped_data(tmp_path, patterns)) == unshipped


def test_a_planted_package_is_seen(tmp_path: Path) -> None:
    (tmp_path / "ci" / "pacts").mkdir(parents=True)
    (tmp_path / "ci" / "pacts" / "__init__.py").touch()

    assert packages_in(tmp_path) == {"botoproof.ci.pacts"}


def test_entry_points_lead_into_shipped_packages() -> None:
    project = PROJECT["project"]
    groups = [project["scripts"], *project["entry-points"].values()]
    modules = {target.partition(":")[0] for group in groups for target in group.values()}

    assert modules - set(SETUPTOOLS["packages"]) == set()


def test_constraints_are_pins_without_addresses_or_paths() -> None:
    assert [line for line in constraints() if PIN.fullmatch(line) is None] == []
    assert len(pins()) == len(constraints())


@pytest.mark.parametrize(
    "line", ["h11>=0.16", "h11 @ file:///wheels/h11.whl", "-e .", "--index-url https://x", "./h11"]
)
def test_what_is_not_a_pin_is_seen(line: str) -> None:
    assert PIN.fullmatch(line) is None


def test_the_constraints_pin_everything_that_is_required_here() -> None:
    backend = {
        canonicalize_name(requirement.name) for requirement in map(Requirement, PROJECT["build-system"]["requires"])
    }

    assert (installed_dependencies() | backend) - pins().keys() == set()


def test_each_dependency_has_one_floor_and_the_pin_lies_above_it() -> None:
    project = PROJECT["project"]
    for requirement in map(Requirement, [*project["dependencies"], *PROJECT["build-system"]["requires"]]):
        floors = [Version(part.version) for part in requirement.specifier if part.operator == ">="]

        assert len(floors) == 1, f"{requirement} needs one floor, written NAME>=VERSION"
        assert pins()[canonicalize_name(requirement.name)] in requirement.specifier


def test_the_oldest_python_is_the_same_for_every_tool() -> None:
    tools = PROJECT["tool"]
    (floor,) = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    classifiers = [line.rpartition(" ")[2] for line in PROJECT["project"]["classifiers"] if "Python :: 3." in line]

    assert tools["mypy"]["python_version"] == floor.version
    assert tools["pyright"]["pythonVersion"] == floor.version
    assert tools["ruff"]["target-version"] == f"py{floor.version.replace('.', '')}"
    assert min(classifiers, key=Version) == floor.version


def test_each_command_that_contributors_are_told_of_can_be_started() -> None:
    told = set(
        re.findall(r"^\| `(ci/[a-z]+)`", (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert told >= {"ci/test", "ci/try"}
    assert {name for name in told if not os.access(CHECKOUT / name, os.X_OK)} == set()


@pytest.mark.skipif(not (CHECKOUT / ".git").exists(), reason="not a git checkout: there is no list of files to search")
def test_no_file_names_a_registry_or_a_path_of_this_machine() -> None:
    found = {name: traces for name, text in texts_in_git(CHECKOUT) if (traces := traces_of_a_machine(text))}

    assert found == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https" + "://pypi.org/project/h11", True),
        ("'/ro" + "ot/.cache'", True),
        ("cd /wo" + "rk/main", True),
        ("file:///o" + "pt/pypi/simple", True),
        ("https://example.com/wo" + "rk/", False),
        ("a/ro" + "ot/b", False),
        ("the /wo" + "rks page", False),
    ],
)
def test_traces_are_told_from_lookalikes(text: str, found: bool) -> None:
    assert bool(traces_of_a_machine(text)) == found
