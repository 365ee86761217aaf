"""Which services Python code makes clients of, and which names it calls on anything: it is never run."""

from __future__ import annotations

import ast
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...contract.errors import BadConfiguration

_MAKERS = {"client", "create_client"}
_RESOURCES = {"resource"}
# Folders in which others' code lies.
_OTHERS = {"node_modules", "site-packages", "__pycache__"}


@dataclass(frozen=True, slots=True)
class CallsInCode:
    """What code says about the SDK.

    Attributes:
        services: Names of services of which clients or resources are made, with the first place of each.
        resources: Those of which resources are made.
        certain: Those that are made of what is named as the SDK is; others may be clients of something else.
        words: Every attribute that is used and every text that is an identifier, as operations are named by both.
        doubts: Files that cannot be read, and clients of services that are not named, with their places.
    """

    services: Mapping[str, str]
    resources: frozenset[str]
    certain: frozenset[str]
    words: frozenset[str]
    doubts: tuple[str, ...] = ()


def read_code(paths: Sequence[Path]) -> CallsInCode:
    """Return what the Python in files and folders says about the SDK.

    Args:
        paths: Folders are searched for files that end in .py; hidden ones and those of installed packages are left out.

    Raises:
        BadConfiguration: A path does not exist, or a folder holds no Python.
    """
    services: dict[str, str] = {}
    resources, certain, words, doubts = set[str](), set[str](), set[str](), list[str]()
    for file in _files(paths):
        try:
            with tokenize.open(file) as source, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the code's own making
                tree = ast.parse(source.read(), filename=str(file))
        except (OSError, SyntaxError, ValueError, RecursionError) as wrong:
            doubts.append(f"{file} is no Python that can be read: {wrong}")
            continue
        aliases = _aliases(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                words.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                words.add(node.value)
            elif isinstance(node, ast.Call):
                place = f"{file}:{node.lineno}"
                match _made(node, aliases):
                    case None:
                        pass
                    case _Made(service=None):
                        doubts.append(f"{place} makes a client of a service that is not written there")
                    case _Made(service=str(service)) as made:
                        services.setdefault(service, place)
                        resources |= {service} if made.is_resource else set()
                        certain |= {service} if made.is_certain else set()
    return CallsInCode(services, frozenset(resources), frozenset(certain), frozenset(words), tuple(doubts))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            inside = sorted(file for file in path.rglob("*.py") if not _is_others(file.relative_to(path)))
            if not inside:
                raise BadConfiguration(f"the folder {path} holds no Python (files that end in .py)")
            yield from inside
        else:
            raise BadConfiguration(f"there is no code {str(path)!r}")


def _is_others(file: Path) -> bool:
    return any(part in _OTHERS or part.startswith(".") for part in file.parts[:-1])


def _aliases(tree: ast.Module) -> Mapping[str, str]:
    """Return the texts that names of a module stand for: ``SERVICE = "sqs"``."""
    found: dict[str, str] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                found[name] = text
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
                found[name] = text
    return found


@dataclass(frozen=True, slots=True)
class _Made:
    """A client or a resource; of a service that is not written there, where it is None."""

    service: str | None
    is_resource: bool
    is_certain: bool


def _made(call: ast.Call, aliases: Mapping[str, str]) -> _Made | None:
    """Return what a call makes; None when it makes no client."""
    match call.func:
        case ast.Attribute(attr=method) | ast.Name(id=method) if method in _MAKERS | _RESOURCES:
            is_resource, is_certain = method in _RESOURCES, _is_of_the_sdk(call.func)
        case _:
            return None
    named = [keyword.value for keyword in call.keywords if keyword.arg == "service_name"]
    match [*call.args[:1], *named]:
        case [ast.Constant(value=str(service)), *_]:
            return _Made(service, is_resource, is_certain)
        case [ast.Name(id=name), *_] if name in aliases:
            return _Made(aliases[name], is_resource, is_certain)
        case [_, *_] if is_certain:
            return _Made(None, is_resource, is_certain)
    return None


def _is_of_the_sdk(function: ast.expr) -> bool:
    """Whether a maker of clients is called on something that is named as the SDK's modules and sessions are."""
    if not isinstance(function, ast.Attribute):
        return False
    return any(word in ast.unparse(function.value).casefold() for word in ("boto", "session"))
