"""Who may import whom, and what the pure modules may not touch: read from the source, so that no import is hidden.

Each rule of `layer_rules` is held against the real modules, and against planted ones, to show that it can fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from .layer_rules import (
    CHECKOUT,
    FLOORS,
    Module,
    Rule,
    clients_in_strategies,
    contract_fronts,
    costly_imports,
    import_cycles,
    impure_imports,
    impure_uses,
    read_modules,
    service_names_in_the_core,
    upward_imports,
)


@cache
def shipped() -> tuple[Module, ...]:
    """The real modules, read once."""
    return read_modules(CHECKOUT)


def plant(checkout: Path, sources: Mapping[str, str]) -> tuple[Module, ...]:
    """Write files into an otherwise empty checkout and read its modules; packages are made as needed."""
    for name, source in sources.items():
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    for path in list(checkout.rglob("*.py")):
        for parent in path.parents:
            if checkout in parent.parents:
                (parent / "__init__.py").touch()
    return read_modules(checkout)


RULES: tuple[Rule, ...] = (
    upward_imports,
    contract_fronts,
    impure_imports,
    impure_uses,
    clients_in_strategies,
    import_cycles,
    costly_imports,
    service_names_in_the_core,
)

BREACHES: tuple[tuple[Rule, str, str], ...] = (
    (upward_imports, "contract/model.py", "from ..strategies import shapes"),
    (upward_imports, "contract/model.py", "def late():\n    from ..ci import campaign"),
    (upward_imports, "contract/adapters/sdk.py", "import botoproof.cassettes.data"),
    (upward_imports, "strategies/shapes.py", "from ..cassettes import read"),
    (upward_imports, "strategies/shapes.py", "if TYPE_CHECKING:\n    from ..ci import campaign"),
    (upward_imports, "cassettes/read.py", "import importlib\nimportlib.import_module('botoproof.strategies')"),
    (upward_imports, "cassettes/read.py", "import_module('..ci.cli', __package__)"),
    (upward_imports, "cassettes/read.py", "__import__('botoproof.ci.cli')"),
    (upward_imports, "ci/cli/run.py", "from ...tests import conftest"),
    (contract_fronts, "contract/adapters/sdk.py", "def late():\n    import rich.console"),
    (impure_imports, "contract/planted.py", "import boto3"),
    (impure_imports, "contract/planted.py", "import botocore"),
    (impure_imports, "contract/planted.py", "from botocore import loaders"),
    (impure_imports, "contract/planted.py", "from botocore.loaders import Loader"),
    (impure_imports, "contract/planted.py", "import socket as s"),
    (impure_imports, "contract/planted.py", "def late():\n    import threading"),
    (impure_imports, "contract/planted.py", "from http.client import HTTPConnection"),
    (impure_imports, "contract/planted.py", "from urllib import request"),
    (impure_imports, "contract/planted.py", "from pathlib import Path"),
    (impure_imports, "contract/planted.py", "from time import monotonic"),
    (impure_imports, "contract/planted.py", "import importlib.metadata"),
    (impure_imports, "contract/checks/planted.py", "from ..adapters.models import read_model"),
    (impure_imports, "contract/services/planted/rules.py", "from importlib.metadata import entry_points"),
    (impure_uses, "contract/planted.py", "open('x')"),
    (impure_uses, "contract/planted.py", "import io\nio.open('x')"),
    (impure_uses, "contract/planted.py", "import datetime\ndatetime.datetime.now()"),
    (impure_uses, "contract/planted.py", "import datetime as dt\ndt.datetime.now(dt.UTC)"),
    (impure_uses, "contract/planted.py", "from datetime import datetime as clock\nnow = clock.utcnow"),
    (impure_uses, "contract/planted.py", "from datetime import date\ndate.today()"),
    (clients_in_strategies, "strategies/planted.py", "import boto3"),
    (clients_in_strategies, "strategies/planted.py", "import socket"),
    (clients_in_strategies, "strategies/planted.py", "from ..contract import adapters"),
    (clients_in_strategies, "strategies/planted.py", "from ..contract.adapters import sdk"),
    (costly_imports, "ci/plugin/__init__.py", "import click"),
    (costly_imports, "ci/plugin/__init__.py", "try:\n    import hypothesis\nexcept ImportError:\n    pass"),
    (costly_imports, "ci/plugin/options.py", "import botocore"),
    (costly_imports, "ci/__init__.py", "import rich"),
    (costly_imports, "contract/errors.py", "import defusedxml"),
    (service_names_in_the_core, "contract/planted.py", "CODE = 'importexport'"),
    (service_names_in_the_core, "contract/planted.py", "KEY = b'Manifest'"),
    (service_names_in_the_core, "contract/planted.py", "TEXT = f'{x} of ImportExport'"),
    (service_names_in_the_core, "contract/planted.py", "from .services import importexport"),
    (service_names_in_the_core, "strategies/planted.py", "def update_job(): ..."),
    (service_names_in_the_core, "cassettes/planted.py", "class ReadsManifest: ..."),
    (service_names_in_the_core, "ci/report/planted.py", "def late():\n    return call(UpdateJob=1)"),
    (service_names_in_the_core, "ci/importexport.py", ""),
)

INNOCENT: tuple[tuple[Rule, str, str], ...] = (
    (upward_imports, "ci/cli/run.py", "from ...strategies import shapes\nfrom ...cassettes import read"),
    (impure_imports, "contract/planted.py", "import io\nfrom urllib.parse import quote"),
    (impure_imports, "contract/planted.py", "from botocore import model\nfrom botocore.model import Shape"),
    (impure_imports, "contract/services/__init__.py", "from importlib.metadata import entry_points"),
    (impure_imports, "contract/adapters/sdk.py", "import boto3, time"),
    (impure_uses, "contract/adapters/sdk.py", "import time\nopen(time.time())"),
    (impure_uses, "contract/planted.py", "def at(clock):\n    return clock.now()"),
    (
        impure_uses,
        "contract/planted.py",
        "class Builder:\n    open: list[str]\n    def end(self):\n        self.open.pop()",
    ),
    (clients_in_strategies, "strategies/planted.py", "from ..contract.adapters.models import read_operation"),
    (costly_imports, "ci/plugin/__init__.py", "def late():\n    import hypothesis"),
    (costly_imports, "ci/plugin/unused.py", "import hypothesis"),
    (service_names_in_the_core, "contract/services/importexport/__init__.py", "Manifest = 'UpdateJob'"),
    (service_names_in_the_core, "strategies/importexport/wire.py", "Manifest = 'UpdateJob'"),
    (service_names_in_the_core, "contract/planted.py", '"""As in importexport.UpdateJob."""\n# a Manifest\nx = 1'),
    (service_names_in_the_core, "contract/planted.py", 'class A:\n    x: int\n    """Of a Manifest."""'),
)

SURROUNDINGS = {
    "ci/plugin/__init__.py": "import pytest\nfrom .options import x",
    "ci/plugin/options.py": "from ...contract.errors import y",
    "contract/errors.py": "",
    "contract/services/importexport/__init__.py": "",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_what_is_shipped_obeys(rule: Rule) -> None:
    assert rule(shipped()) == []


@pytest.mark.parametrize(("rule", "path", "source"), BREACHES)
def test_a_planted_breach_is_found_and_located(tmp_path: Path, rule: Rule, path: str, source: str) -> None:
    culprit = "botoproof." + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    complaints = rule(plant(tmp_path, {**SURROUNDINGS, path: source}))

    assert complaints
    assert all(complaint.startswith(f"{culprit}:") for complaint in complaints)


@pytest.mark.parametrize(("rule", "path", "source"), INNOCENT)
def test_what_is_allowed_is_left_alone(tmp_path: Path, rule: Rule, path: str, source: str) -> None:
    assert rule(plant(tmp_path, {**SURROUNDINGS, path: source})) == []


def test_every_rule_is_shown_able_to_fail() -> None:
    assert {rule for rule, _, _ in BREACHES} == {*RULES} - {import_cycles}  # the two tests below are for cycles


def test_a_cycle_is_found_and_spelled_out(tmp_path: Path) -> None:
    circle = {"a": "from .b import x", "b": "from . import c", "c": "from .a import y"}

    [cycle] = import_cycles(plant(tmp_path, {f"contract/{name}.py": source for name, source in circle.items()}))

    assert set(cycle.split(" -> ")) == {f"botoproof.contract.{name}" for name in circle}


@pytest.mark.parametrize("late", ["def late():\n    from .a import y", "if TYPE_CHECKING:\n    from .a import y"])
def test_an_import_that_loading_does_not_execute_makes_no_cycle(tmp_path: Path, late: str) -> None:
    assert import_cycles(plant(tmp_path, {"contract/a.py": "from .b import x", "contract/b.py": late})) == []


def test_all_four_packages_are_read() -> None:
    assert {module.folder for module in shipped()} == set(FLOORS)
    assert {"botoproof.contract", "botoproof.contract.model"} <= {module.name for module in shipped()}
