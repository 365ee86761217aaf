"""Every example in a docstring, found by import name: by path, the mapped import root cannot be followed."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import io
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("botoproof.contract", "botoproof.strategies", "botoproof.cassettes", "botoproof.ci")


def modules_with_examples() -> Iterator[str]:
    """Yield the names of all modules that hold a prompt; only packages are imported to find them."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        inner = (module.name for module in pkgutil.walk_packages(package.__path__, f"{name}."))
        for module in (name, *inner):
            spec = importlib.util.find_spec(module)
            source = getattr(spec.loader, "get_source", None) if spec is not None else None
            if source is not None and ">>> " in (source(module) or ""):
                yield module


def failures(module: str) -> tuple[int, str]:
    """Return how many examples `module` has, and what doctest says of those that fail."""
    loaded = importlib.import_module(module)
    said = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder(exclude_empty=True).find(loaded, module):
        runner.run(test, out=said.write)
    return runner.summarize(verbose=False).attempted, said.getvalue()


@pytest.mark.parametrize("module", sorted(modules_with_examples()))
def test_the_examples_print_what_they_say(module: str) -> None:
    attempted, said = failures(module)

    assert said == ""
    assert attempted > 0, f"{module} holds a prompt outside its docstrings"


def test_a_wrong_example_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.joinpath("planted_example.py").write_text('"""A module.\n\n>>> 1 + 1\n3\n"""\n', encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    attempted, said = failures("planted_example")

    assert attempted == 1
    assert "Expected:\n    3\nGot:\n    2\n" in said
