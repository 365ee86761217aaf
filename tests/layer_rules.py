"""The rules about who may import whom and what pure modules may not touch: functions from modules to complaints."""

from __future__ import annotations

import ast
import graphlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
FLOORS = {"contract": 1, "strategies": 2, "cassettes": 2, "ci": 3}

# What reaches beyond the process. A name stands for itself and all below it.
CLIENTS = {
    "boto3",
    "botocore",
    "s3transfer",
    "urllib3",
    "requests",
    "httpx",
    "http.client",
    "http.server",
    "urllib.request",
}
SOCKETS = {"socket", "socketserver", "ssl", "select", "selectors", "asyncio"}
PROCESSES = {"subprocess", "multiprocessing", "threading", "concurrent"}
FILES = {"os", "pathlib", "shutil", "tempfile", "glob", "importlib"}
CLOCKS = {"time", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"}
OPENERS = {"open", "io.open", "io.open_code", "io.FileIO"}
FRONTS = {"hypothesis", "pytest", "_pytest", "click", "rich"}
RECORDERS = {"vcr", "pact"}

# Exceptions: data although its package is a client; the reader of models, for all above the contract; and entry points,
# by which specifications of others come.
DATA = {"botocore.model"}
MODEL_READER = {"botoproof.contract.adapters.models"}
REGISTRY = {"botoproof.contract.services": {"importlib.metadata"}}

SERVICE_WORDS = ("importexport", "import_export", "updatejob", "update_job")
SERVICE_NOUNS = ("Manifest",)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, as an absolute dotted path.

    Attributes:
        name: For ``from a import b`` it is ``a.b``, whether b is a module or not.
        line: Where it stands.
        on_load: Whether importing the module executes it.
    """

    name: str
    line: int
    on_load: bool


@dataclass(frozen=True, slots=True)
class Module:
    """One source file that is shipped."""

    name: str
    is_package: bool
    tree: ast.Module

    @property
    def imports(self) -> tuple[Import, ...]:
        return tuple(_imports(self, self.tree, on_load=True))

    @property
    def folder(self) -> str:
        return self.name.split(".")[1]


def _imports(module: Module, node: ast.AST, *, on_load: bool) -> Iterator[Import]:
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    match node:
        case ast.Import(names=names):
            yield from (Import(alias.name, node.lineno, on_load) for alias in names)
        case ast.ImportFrom(module=origin, names=names, level=level):
            start = importlib.util.resolve_name("." * level + (origin or ""), package)
            yield from (Import(f"{start}.{alias.name}".removesuffix(".*"), node.lineno, on_load) for alias in names)
        case ast.Call(
            func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            yield Import(importlib.util.resolve_name(name, package), node.lineno, on_load)
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            for part in node.body:
                yield from _imports(module, part, on_load=False)
            for part in node.orelse:
                yield from _imports(module, part, on_load=on_load)
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            on_load = False
    for child in ast.iter_child_nodes(node):
        yield from _imports(module, child, on_load=on_load)


Rule = Callable[[Iterable[Module]], list[str]]


def read_modules(checkout: Path) -> tuple[Module, ...]:
    """Return the modules of the four packages; folders without an ``__init__.py`` are not shipped."""
    found = []
    for folder in FLOORS:
        for path in sorted((checkout / folder).rglob("*.py")):
            if not all((parent / "__init__.py").exists() for parent in path.parents if checkout in parent.parents):
                continue
            is_package = path.name == "__init__.py"
            parts = (path.parent if is_package else path.with_suffix("")).relative_to(checkout).parts
            tree = ast.parse(path.read_bytes(), filename=str(path))
            found.append(Module(".".join(("botoproof", *parts)), is_package, tree))
    return tuple(found)


def covers(names: Iterable[str], dotted: str) -> bool:
    """Return whether `dotted` is one of `names` or lies below one."""
    return any(dotted == name or dotted.startswith(f"{name}.") for name in names)


def forbidden_imports(modules: Iterable[Module], forbidden: Iterable[str]) -> list[str]:
    """Complain about each import of a forbidden name."""
    names = set(forbidden)
    return [
        f"{module.name}:{found.line} imports {found.name}"
        for module in modules
        for found in module.imports
        if covers(names, found.name) and not covers(_exceptions(module), found.name)
    ]


def _exceptions(module: Module) -> set[str]:
    return DATA | REGISTRY.get(module.name, set()) | (MODEL_READER if module.folder != "contract" else set())


def upward_imports(modules: Iterable[Module]) -> list[str]:
    """Complain about imports that do not run downwards, floor by floor."""
    complaints = []
    for module in modules:
        for found in module.imports:
            match found.name.split("."):
                case ["botoproof", folder, *_] if folder != module.folder:
                    if folder not in FLOORS or FLOORS[folder] >= FLOORS[module.folder]:
                        complaints.append(f"{module.name}:{found.line} imports {found.name}")
    return complaints


def contract_fronts(modules: Iterable[Module]) -> list[str]:
    """Complain about any part of the contract that knows how it is generated, run or shown."""
    return forbidden_imports((module for module in modules if module.folder == "contract"), FRONTS)


def is_pure(module: Module) -> bool:
    return module.folder == "contract" and not covers({"botoproof.contract.adapters"}, module.name)


def impure_imports(modules: Iterable[Module]) -> list[str]:
    """Complain about pure modules that import a client, a socket, a process, a file, a clock, or an adapter of ours."""
    beyond = CLIENTS | SOCKETS | PROCESSES | FILES | CLOCKS | FRONTS | RECORDERS | {"botoproof.contract.adapters"}
    return forbidden_imports(filter(is_pure, modules), beyond)


def impure_uses(modules: Iterable[Module]) -> list[str]:
    """Complain about pure modules that open a file or read the clock, under whatever name it was imported."""
    return [
        f"{module.name}:{line} uses {name}"
        for module in filter(is_pure, modules)
        for name, line in _dotted_uses(module)
        if covers(CLOCKS | OPENERS, name)
    ]


def _dotted_uses(module: Module) -> Iterator[tuple[str, int]]:
    aliases: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            origin = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            aliases.update({alias.asname or alias.name: origin + alias.name for alias in node.names})
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            first, _, rest = ast.unparse(node).partition(".")
            yield (aliases.get(first, first) + (f".{rest}" if rest else "")), node.lineno


def clients_in_strategies(modules: Iterable[Module]) -> list[str]:
    """Complain about strategies that touch a client or a socket, or an adapter other than the reader of models."""
    strategies = (module for module in modules if module.folder == "strategies")
    return forbidden_imports(strategies, CLIENTS | SOCKETS | {"botoproof.contract.adapters"})


def import_cycles(modules: Iterable[Module]) -> list[str]:
    """Complain about a cycle among what our modules import when they are loaded."""
    modules = tuple(modules)
    known = {module.name for module in modules}
    graph = {module.name: _ours_on_load(module, known) - {module.name} for module in modules}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as cycle:
        return [" -> ".join(cycle.args[1])]
    return []


def _ours_on_load(module: Module, known: set[str]) -> set[str]:
    return {ours for found in module.imports if found.on_load and (ours := _module_of(found.name, known))}


def _module_of(name: str, known: set[str]) -> str:
    """Return the module that holds `name`, or the empty string when it is none of ours."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def costly_imports(modules: Iterable[Module]) -> list[str]:
    """Complain about what the plugin loads, also through modules of ours, beyond the standard library and pytest."""
    by_name = {module.name: module for module in modules}
    cheap = sys.stdlib_module_names | {"pytest"}
    complaints, seen, waiting = [], set[str](), ["botoproof.ci.plugin"]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in by_name:
            continue
        seen.add(name)
        waiting.append(name.rpartition(".")[0])  # the packages around a module are loaded before it
        for found in by_name[name].imports:
            if not found.on_load:
                continue
            if ours := _module_of(found.name, set(by_name)):
                waiting.append(ours)
            elif found.name.split(".")[0] not in cheap:
                complaints.append(f"{name}:{found.line} imports {found.name}")
    return complaints


def service_names_in_the_core(modules: Iterable[Module]) -> list[str]:
    """Complain about code that names a service, outside that service's own folders; docstrings may, as examples."""
    modules = tuple(modules)
    services = {module.name.split(".")[3] for module in modules if _is_a_service(module)}
    own = {f"botoproof.{folder}.{name}" for folder in ("contract.services", "strategies") for name in services}
    return [
        f"{module.name}:{line} says {word!r}"
        for module in modules
        if not covers(own, module.name)
        for text, line in [(module.name, 1), *_words_of_code(module.tree)]
        for word in _service_words(text)
    ]


def _is_a_service(module: Module) -> bool:
    return module.is_package and covers({"botoproof.contract.services"}, module.name) and module.name.count(".") == 3


def _service_words(text: str) -> list[str]:
    return [word for word in SERVICE_WORDS if word in text.casefold()] + [
        noun for noun in SERVICE_NOUNS if noun in text
    ]


def _words_of_code(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield identifiers and literals. A string that is a statement of its own is a docstring, and left out."""
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    while waiting:
        node, line = waiting.pop()
        line = getattr(node, "lineno", line)
        for _, value in ast.iter_fields(node):
            for item in value if isinstance(value, list) else [value]:
                match item:
                    case ast.Expr(value=ast.Constant(value=str())):
                        pass
                    case ast.AST():
                        waiting.append((item, line))
                    case str():
                        yield item, line
                    case bytes():
                        yield item.decode("latin-1"), line
