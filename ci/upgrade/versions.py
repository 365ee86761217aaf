"""Which release is meant by what a user wrote: a number, a wheel, a python, ``installed``, ``latest``."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

from ...contract.errors import BadConfiguration, SdkUnavailable, close_names
from .packages import NAME, is_release, releases, wheel_of
from .sdk import Sdk

INSTALLED, LATEST = "installed", "latest"
_WHERE = (
    "import json, os, botocore;"
    "print(json.dumps([botocore.__version__, os.path.dirname(os.path.dirname(os.path.abspath(botocore.__file__)))]))"
)
_TIME_LIMIT = 60.0


def find_sdk(text: str) -> Sdk:
    """Return the release that a text names; its wheel is fetched when it has to be.

    Args:
        text: ``1.44.0``; the path of a wheel; the path of a python, or of the virtual environment around one;
            ``installed``, which botoproof itself uses; ``latest`` of the package index.

    Raises:
        BadConfiguration: It names nothing of these, or something that holds no botocore.
        SdkUnavailable: There is no such release, or it cannot be fetched.
    """
    if text == INSTALLED:
        return _installed()
    if text == LATEST:
        number = releases()[0]
        return Sdk(text, number, wheel_of(number))
    if is_release(text):
        return Sdk(text, text, wheel_of(text))
    path = Path(text).expanduser()
    if text.endswith(".whl"):
        return _wheel(text, path)
    if path.exists():
        return _python(text, path)
    looks_like_a_path = os.sep in text
    raise BadConfiguration(
        f"{text!r} is no release of the SDK: "
        + ("there is no such file; " if looks_like_a_path else "")
        + "expected a number such as 1.44.0, a wheel of botocore, the python of an environment, installed or latest"
        + ("" if looks_like_a_path else f"; {close_names(text, (INSTALLED, LATEST))}")
    )


def _installed() -> Sdk:
    spec = importlib.util.find_spec(NAME)
    if spec is None or spec.origin is None:
        raise BadConfiguration(f"{NAME} is not installed for {sys.executable}")
    return Sdk(INSTALLED, metadata.version(NAME), Path(spec.origin).parents[1], Path(sys.executable))


def _wheel(text: str, path: Path) -> Sdk:
    if not path.is_file():
        raise BadConfiguration(f"there is no wheel {text}")
    try:
        with zipfile.ZipFile(path) as wheel:
            inside = next((name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")), None)
            told = "" if inside is None else wheel.read(inside).decode("utf-8", "replace")
    except (OSError, zipfile.BadZipFile) as wrong:
        raise BadConfiguration(f"{text} is no wheel: {wrong}") from None
    name, version = (re.search(rf"^{key}: *(\S+)", told, re.MULTILINE) for key in ("Name", "Version"))
    if name is None or version is None or name[1].lower() != NAME:
        raise BadConfiguration(f"{text} is no wheel of {NAME}: its metadata names {name[1] if name else 'nothing'}")
    return Sdk(text, version[1], path.absolute())


def _python(text: str, path: Path) -> Sdk:
    candidates = [path / "bin" / "python", path / "Scripts" / "python.exe"] if path.is_dir() else [path]
    # Not resolved: a virtual environment is known by the place of the link.
    python = next((one.absolute() for one in candidates if one.is_file() and os.access(one, os.X_OK)), None)
    if python is None:
        raise BadConfiguration(f"{text} is neither a python nor the folder of a virtual environment")
    try:
        ran = subprocess.run(  # noqa: S603 - the interpreter that the user named
            [str(python), "-I", "-c", _WHERE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise BadConfiguration(f"{text} cannot be run as a python: {wrong}") from None
    if ran.returncode != 0:
        last = (ran.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise SdkUnavailable(f"{text} has no {NAME} that can be imported: {last}")
    try:
        version, folder = json.loads(ran.stdout)
    except ValueError:
        raise BadConfiguration(f"{text} does not answer as a python does") from None
    return Sdk(text, str(version), Path(folder), python)
