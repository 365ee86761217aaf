"""Every kind of finding there is has a page, wherever it was made."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import ModuleType

import pytest
from botoproof.ci.cli import command
from botoproof.ci.cli.run import command as run_command
from botoproof.ci.explain import kinds
from botoproof.ci.explain.kinds import kind_page, known_kinds
from botoproof.ci.explain.overview import findings_page
from botoproof.contract.checks import KINDS
from botoproof.contract.finding import FindingKind, Severity
from botoproof.contract.services import find_specification, specified_services

PACKAGES = ("botoproof.contract", "botoproof.strategies", "botoproof.cassettes", "botoproof.ci")
PLANTED = FindingKind(
    "planted-kind",
    "a_check",
    "something was planted",
    Severity.NOTE,
    meaning="It is there.",
    harm="Nobody.",
    provoked="A test.",
    source="a test",
    remedy="Take it away.",
)


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def kinds_in(found: Iterable[ModuleType]) -> Iterator[FindingKind]:
    """Yield the kinds that stand in modules, by themselves or in collections."""
    for module in found:
        for value in vars(module).values():
            values = value.values() if isinstance(value, Mapping) else value
            for item in values if isinstance(values, Iterable) and not isinstance(values, str | bytes) else (value,):
                if isinstance(item, FindingKind):
                    yield item


def test_every_kind_in_the_code_is_known_to_explain() -> None:
    known = known_kinds()

    assert {kind.code for kind in kinds_in(modules()) if known.get(kind.code) is not kind} == set()


@pytest.mark.parametrize("place", [PLANTED, (PLANTED,), {"p": PLANTED}])
def test_a_planted_kind_is_seen(place: object) -> None:
    module = ModuleType("planted")
    vars(module)["SOMETHING"] = place

    assert list(kinds_in([module])) == [PLANTED]


def test_no_code_stands_for_two_kinds() -> None:
    found = [*KINDS.values()]
    for service in specified_services():
        found += find_specification(service).kinds

    assert {code for code, count in Counter(kind.code for kind in found).items() if count > 1} == set()


def test_a_kind_of_a_specification_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    specification = find_specification("importexport")
    ours = replace(specification, kinds=(*specification.kinds, PLANTED))  # type: ignore[type-var]
    monkeypatch.setattr(kinds, "find_specification", lambda _: ours)

    page = "\n".join(findings_page())

    assert known_kinds()["planted-kind"] is PLANTED
    assert "## planted-kind\n" in page
    assert "- **severity**: note: it does not count" in page


@pytest.mark.parametrize("code", sorted(known_kinds()))
def test_every_question_about_a_kind_has_an_answer(code: str) -> None:
    sections = {section.label: section.texts for section in kind_page(known_kinds()[code]).sections}

    wanted = {"means", "hurts", "severity", "source", "provoked by", "remedy", "silence", "check"}
    assert {label for label in wanted if not all(sections[label]) or not sections[label]} == set()


def test_what_silences_a_finding_is_an_option_of_run() -> None:
    texts = [kinds.BASELINE, kinds.LINE, *(kind.silence for kind in known_kinds().values())]
    told = {word.strip(".,;") for text in texts for word in text.split() if word.startswith("--")}
    options = {option for parameter in run_command.params for option in parameter.opts}

    assert told >= {"--baseline", "--update-baseline", "--evidence", "--time-limit"}
    assert told - options == set()
    assert "run" in command.VERBS
