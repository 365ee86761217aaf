"""The configuration: `botoproof.toml`, or `[tool.botoproof]` of a `pyproject.toml`, held to what there is to say."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ..contract.codec.signature import Credential
from ..contract.errors import BadConfiguration, close_names
from ..contract.specification import Settings, Specification

FILE = "botoproof.toml"
PROJECT = "pyproject.toml"

_TABLES = ("target", "credentials", "accounts", "world", "nightly")
_TARGET = ("service", "endpoint", "region", "time-limit", "rate")
_CREDENTIALS = ("access-key-id", "secret-access-key")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file says; whatever it leaves out is None or empty.

    Attributes:
        path: The file, or empty when there is none.
        service: botocore's name of the service.
        endpoint: A URL.
        region: For the scope of signatures.
        time_limit: Seconds for a reply.
        rate: Requests a second at most.
        credential: Signs the requests.
        world: The table ``[world]``, as the service's specification reads it.
        accounts: Keys of other accounts, by what the account is for, as the service's specification names it.
        nightly: The table ``[nightly]``, as `ci/night/settings.py` reads it.
    """

    path: str = ""
    service: str | None = None
    endpoint: str | None = None
    region: str | None = None
    time_limit: float | None = None
    rate: float | None = None
    credential: Credential | None = None
    world: Mapping[str, Any] = field(default_factory=dict[str, Any])
    accounts: Mapping[str, Credential] = field(default_factory=dict[str, Credential])
    nightly: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def world_of(
        self,
        specification: Specification,
        credential: Credential,
        accounts: Mapping[str, Credential] | None = None,
    ) -> Any:
        """Return the world that is described here.

        Args:
            specification: Reads the description.
            credential: The usual one; the world knows it.
            accounts: Keys of other accounts, which the world knows too.

        Raises:
            BadConfiguration: The specification does not understand a key or value; the text names the file.
        """
        try:
            return specification.world(Settings((credential,), self.world, accounts or {}))
        except BadConfiguration as wrong:
            raise BadConfiguration(f"{self.path}: {wrong}" if self.path else str(wrong)) from None


def find_configuration(folder: Path) -> Configuration:
    """Return what stands in the `botoproof.toml` of a folder, else in its `pyproject.toml`, else nothing.

    Raises:
        BadConfiguration: There is one, and it cannot be used.
    """
    own = folder / FILE
    if own.exists():
        return read_configuration(own)
    project = folder / PROJECT
    if project.is_file():
        table = _project_table(_parse(project))
        if table is not None:
            return _configuration(str(project), "tool.botoproof.", table)
    return Configuration()


def read_configuration(path: Path) -> Configuration:
    """Return what a file says.

    Args:
        path: A file of which every table is ours, or a ``pyproject.toml``, of which ``[tool.botoproof]`` is.

    Raises:
        BadConfiguration: It cannot be read, or holds something that is not understood. The text names the file, the
            key, what was expected, and close names.
    """
    document = _parse(path)
    if path.name != PROJECT:
        return _configuration(str(path), "", document)
    table = _project_table(document)
    if table is None:
        raise BadConfiguration(f"{path}: there is no table [tool.botoproof]")
    return _configuration(str(path), "tool.botoproof.", table)


def write_configuration(configuration: Configuration) -> str:
    """Return TOML that `read_configuration` reads as `configuration`."""
    target = {
        "service": configuration.service,
        "endpoint": configuration.endpoint,
        "region": configuration.region,
        "time-limit": configuration.time_limit,
        "rate": configuration.rate,
    }
    tables: list[tuple[str, Mapping[str, Any]]] = [("target", target)]
    if configuration.credential is not None:
        tables.append(("credentials", _pair(configuration.credential)))
    tables += [(f"accounts.{_key(name)}", _pair(key)) for name, key in configuration.accounts.items()]
    tables += [("nightly", configuration.nightly)] if configuration.nightly else []
    inner = {name: value for name, value in configuration.world.items() if isinstance(value, Mapping)}
    tables.append(("world", {name: value for name, value in configuration.world.items() if name not in inner}))
    tables += [(f"world.{name}", value) for name, value in inner.items() if value]
    return "\n".join(_table_text(name, table) for name, table in tables)


def _pair(key: Credential) -> dict[str, str]:
    return {"access-key-id": key.access_key_id, "secret-access-key": key.secret_access_key}


def _table_text(name: str, table: Mapping[str, Any]) -> str:
    lines = [f"{_key(key)} = {_value(value)}\n" for key, value in table.items() if value is not None]
    return "".join((f"[{name}]\n", *lines))


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    match value:
        case Mapping():
            pairs = cast("Mapping[str, Any]", value)
            return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in pairs.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(_value(item) for item in cast("list[Any]", value)) + "]"
        case float():
            return repr(value)
        case _:
            # JSON's strings, integers and booleans are TOML's, but for DEL, which TOML wants escaped.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _parse(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise BadConfiguration(f"there is no configuration file {str(path)!r}{_near(path)}") from None
    except OSError as wrong:
        raise BadConfiguration(f"the configuration file {str(path)!r} cannot be read: {wrong.strerror}") from None
    except UnicodeDecodeError as wrong:
        raise BadConfiguration(f"{path}: not UTF-8 at byte {wrong.start}, as TOML must be") from None
    except ValueError as wrong:  # a NUL in the name
        raise BadConfiguration(f"the configuration file {str(path)!r} cannot be read: {wrong}") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        told = str(wrong).replace("at end of document", f"at line {text.count(chr(10)) + 1}, the end")
        raise BadConfiguration(f"{path}: not TOML: {told[:1].lower()}{told[1:]}") from None
    except RecursionError:
        raise BadConfiguration(f"{path}: not TOML: nested too deep") from None


def _near(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.suffix == ".toml"]
    except OSError:
        return f"; there is no folder {str(path.parent)!r} either"
    return f"; {close_names(path.name, names)}" if names else ""


def _project_table(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    tool = document.get("tool")
    if not isinstance(tool, Mapping):
        return None
    return cast("Mapping[str, Any]", tool).get("botoproof")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the file, with its place for messages."""

    path: str
    name: str
    entries: Mapping[str, Any]

    def complaint(self, key: str, expected: str, value: object) -> BadConfiguration:
        return BadConfiguration(f"{self.path}: {self.name}.{key} must be {expected}, got {value!r}")

    def text(self, key: str) -> str | None:
        value = self.entries.get(key)
        if value is not None and (not isinstance(value, str) or not value):
            raise self.complaint(key, "a string that is not empty", value)
        return value

    def positive(self, key: str) -> float | None:
        value = self.entries.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
            raise self.complaint(key, "a number above 0", value)
        return float(value)

    def secret(self, key: str) -> str:
        """Return a required text whose value no message shows."""
        value = self.entries.get(key)
        if value is None:
            raise BadConfiguration(f"{self.path}: [{self.name}] needs {' and '.join(_CREDENTIALS)}; {key} is missing")
        if not isinstance(value, str) or not value:
            kind = "an empty one" if value == "" else type(value).__name__
            raise BadConfiguration(f"{self.path}: {self.name}.{key} must be a string that is not empty, got {kind}")
        return value


def _configuration(path: str, prefix: str, document: object) -> Configuration:
    tables = _known(path, prefix.removesuffix("."), document, _TABLES)
    target = _Table(path, f"{prefix}target", _known(path, f"{prefix}target", tables.get("target", {}), _TARGET))
    accounts = _table(path, f"{prefix}accounts", tables.get("accounts", {}))
    return Configuration(
        path=path,
        service=target.text("service"),
        endpoint=target.text("endpoint"),
        region=target.text("region"),
        time_limit=target.positive("time-limit"),
        rate=target.positive("rate"),
        credential=(
            _credential(path, f"{prefix}credentials", tables["credentials"]) if "credentials" in tables else None
        ),
        accounts={name: _credential(path, f"{prefix}accounts.{name}", keys) for name, keys in accounts.items()},
        world=_table(path, f"{prefix}world", tables.get("world", {})),
        nightly=_table(path, f"{prefix}nightly", tables.get("nightly", {})),
    )


def _credential(path: str, name: str, value: object) -> Credential:
    keys = _Table(path, name, _known(path, name, value, _CREDENTIALS))
    return Credential(keys.secret("access-key-id"), keys.secret("secret-access-key"))


def _table(path: str, name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadConfiguration(f"{path}: {name} must be a table, got {type(value).__name__}")
    return cast("Mapping[str, Any]", value)


def _known(path: str, name: str, value: object, known: tuple[str, ...]) -> Mapping[str, Any]:
    table = _table(path, name, value)
    for key in table:
        if key not in known:
            where, what = (f"[{name}] has no", "key") if name else ("there is no", "table")
            raise BadConfiguration(f"{path}: {where} {what} {key!r}; {close_names(key, known)}")
    return table
