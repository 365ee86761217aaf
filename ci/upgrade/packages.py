"""Releases of the SDK from the package index, by pip: which there are, their wheels, and what they need beside them."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from ...contract.errors import SdkUnavailable, close_names
from .cache import cache_folder, made_once

NAME = "botocore"
_RELEASE = re.compile(r"\d+(\.\d+)+")
_TIME_LIMIT = 600.0
# How pip says that it did not reach an index; it then knows of no version, or of those on this disk only.
_UNREACHED = re.compile(
    "Connection broken|ConnectionError|NewConnectionError|ConnectTimeoutError|ProxyError|ReadTimeoutError|SSLError"
    "|Name or service not known|Could not fetch URL|MaxRetryError"
)

_CAUSE = re.compile(r"\[Errno [^\]]+\] [^'\")]+|timed out|certificate verify failed[^'\")]*|Name or service not known")


def is_release(text: str) -> bool:
    """Return whether a text is the number of a release, e.g. ``1.44.0``."""
    return _RELEASE.fullmatch(text) is not None


@functools.cache
def releases() -> tuple[str, ...]:
    """Return the numbers of all releases on the index, newest first.

    Raises:
        SdkUnavailable: The index cannot be asked; the text names what lies in the cache.
    """
    ran = _pip("index", "versions", NAME)
    found = re.search(r"Available versions: (.*)", ran.stdout)
    if found is None:
        raise SdkUnavailable(
            f"the package index cannot be asked which releases of {NAME} there are: {_reason(ran)}; "
            f"in the cache: {', '.join(_cached()) or 'none'}"
        )
    return tuple(found[1].replace(" ", "").split(","))


def wheel_of(version: str) -> Path:
    """Return the wheel of a release, fetched unless it lies in the cache.

    Args:
        version: Its number.

    Raises:
        SdkUnavailable: There is no such release, it has no wheel, or the index cannot be reached.
        BadConfiguration: The cache cannot be written.
    """

    def fetch(folder: Path) -> None:
        ran = _pip(
            "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(folder), f"{NAME}=={version}"
        )
        if ran.returncode != 0:
            raise SdkUnavailable(_not_fetched(version, ran))

    folder = made_once(cache_folder() / "wheels" / version, fetch)
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise SdkUnavailable(f"{folder} should hold the wheel of {NAME} {version}, and does not; remove that folder")
    return wheel


def installed_folder(wheel: Path) -> Path:
    """Return a folder with a wheel and what it needs, as its own metadata says, installed for this interpreter.

    Args:
        wheel: The wheel.

    Raises:
        SdkUnavailable: It cannot be installed here; the text has pip's reason.
        BadConfiguration: The cache cannot be written.
    """

    def install(folder: Path) -> None:
        ran = _pip("install", "--quiet", "--target", str(folder), "--only-binary", ":all:", str(wheel))
        if ran.returncode != 0:
            raise SdkUnavailable(f"{wheel.name} cannot be installed here: {_reason(ran)}")

    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()[:12]
    python = f"{sys.implementation.cache_tag}"
    return made_once(cache_folder() / "sdks" / f"{wheel.name.removesuffix('.whl')}-{digest}-{python}", install)


def installed_client(version: str) -> Path:
    """Return a folder with a release as a program uses it, boto3 of the same number included, for this interpreter.

    Args:
        version: Its number; boto3 and botocore are released together.

    Raises:
        SdkUnavailable: It cannot be installed here; the text has pip's reason.
        BadConfiguration: The cache cannot be written.
    """

    def install(folder: Path) -> None:
        names = (f"boto3=={version}", f"{NAME}=={version}")
        ran = _pip("install", "--quiet", "--target", str(folder), "--only-binary", ":all:", *names)
        if ran.returncode != 0:
            raise SdkUnavailable(f"boto3 {version} cannot be installed here: {_reason(ran)}")

    return made_once(cache_folder() / "clients" / f"{version}-{sys.implementation.cache_tag}", install)


def _not_fetched(version: str, ran: subprocess.CompletedProcess[str]) -> str:
    listed = re.search(r"from versions: ([^)]*)\)", ran.stderr)
    known = () if listed is None or listed[1] == "none" else tuple(listed[1].replace(" ", "").split(","))
    if known and not _UNREACHED.search(ran.stderr):
        if version in known:
            return f"{NAME} {version} cannot be had as a wheel: {_reason(ran)}"
        return f"there is no release {version} of {NAME}; {nearest(version, known)}"
    return (
        f"{NAME} {version} cannot be fetched, as the package index cannot be reached ({_reason(ran)}); "
        f"in the cache: {', '.join(_cached()) or 'none'}"
    )


def nearest(version: str, known: tuple[str, ...]) -> str:
    """Return the releases on either side of one that is not there, ready to end a sentence.

    >>> nearest("1.43.200", ("1.42.0", "1.43.126", "1.43.127", "1.44.0", "1.44.1"))
    'did you mean 1.43.127 or 1.44.0?'
    """
    numbers = sorted((_number(one), one) for one in known if is_release(one))
    below = [one for number, one in numbers if number < _number(version)][-1:]
    above = [one for number, one in numbers if number > _number(version)][:1]
    if not below or not above:
        return f"the nearest is {(below or above)[0]}" if below or above else close_names(version, known)
    return f"did you mean {' or '.join(below + above)}?"


def in_order(versions: Iterable[str]) -> list[str]:
    """Return the numbers of releases, the oldest first.

    >>> in_order(["1.44.10", "1.44.9", "1.4"])
    ['1.4', '1.44.9', '1.44.10']
    """
    return sorted(versions, key=_number)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _cached() -> list[str]:
    """Return the releases whose wheels lie in the cache, oldest first."""
    folder = cache_folder() / "wheels"
    found = [one.name for one in folder.iterdir() if is_release(one.name)] if folder.is_dir() else []
    return in_order(found)


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_NO_COLOR": "1"}
    environment.setdefault("PIP_RETRIES", "1")
    try:
        return subprocess.run(  # noqa: S603 - this interpreter's pip
            [*_command(), *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SdkUnavailable(f"pip {arguments[0]} did not end within {_TIME_LIMIT:g} s") from None


@functools.cache
def _command() -> tuple[str, ...]:
    if importlib.util.find_spec("pip") is not None:
        return sys.executable, "-m", "pip"
    # Environments that other tools make have none; Python carries a wheel of pip, which runs without being installed.
    spec = importlib.util.find_spec("ensurepip")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for wheel in sorted(Path(folder).glob("_bundled/pip-*.whl")):
            return sys.executable, str(wheel / "pip")
    raise SdkUnavailable(f"releases are fetched by pip, and {sys.executable} has none: install pip there")


def _reason(ran: subprocess.CompletedProcess[str]) -> str:
    """Return what pip complained of, on one line."""
    lines = [line.strip() for line in ran.stderr.splitlines()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    unreached = [line for line in lines if _UNREACHED.search(line)]
    told = (unreached or errors or [line for line in lines if line] or [f"status {ran.returncode}"])[0]
    cause = _CAUSE.search(told)
    told = cause[0] if unreached and cause is not None else told
    # A URL may hold a password.
    return re.sub(r"//[^/@\s]+@", "//", told)[:300]
