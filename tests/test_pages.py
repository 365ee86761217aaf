"""The pages in docs/ say what the code does: they are generated, and what they promise comes true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from botoproof.ci.campaign.events import CaseJudged, Event
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.targets import embedded_target
from botoproof.ci.explain import leniencies
from botoproof.ci.explain.leniencies import leniencies_page
from botoproof.ci.explain.overview import findings_page
from botoproof.ci.explain.truth_table import truth_table
from botoproof.ci.explain.upgrades import upgrade_rules_page
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.leniencies.listed import LENIENCIES
from botoproof.contract.outcome import Broken, Refused, Returned
from botoproof.contract.services import find_specification

DOCS = Path(__file__).parents[1] / "docs"
SPECIFICATION = find_specification("importexport")
WORLDS = SPECIFICATION.worlds((EXAMPLE_KEY,))
USUAL = next(iter(WORLDS))
every_operation = pytest.mark.parametrize("operation", SPECIFICATION.operations)


def require_equal(page: Path, lines: Iterator[str], command: str) -> None:
    written = page.read_text("utf-8").splitlines() if page.exists() else []
    wanted = list(lines)
    changed = next((n for n, (a, b) in enumerate(zip(written, wanted, strict=False)) if a != b), len(written))

    if written != wanted:
        told = f"{wanted[changed] if changed < len(wanted) else 'the end'!r}"
        pytest.fail(f"{page.name} is out of date from line {changed + 1} on, where {command} says {told}; run ci/pages")


@every_operation
def test_a_page_of_rules_says_what_the_rules_are(operation: str) -> None:
    name = f"importexport.{operation}"
    page = DOCS / "rules" / f"{name}.md"

    require_equal(page, truth_table("importexport", operation), f"botoproof explain --rules {name}")


def test_the_page_of_codes_says_what_the_kinds_are() -> None:
    require_equal(DOCS / "findings.md", findings_page(), "botoproof explain --findings")


def test_the_page_of_upgrade_rules_says_what_the_rules_are() -> None:
    require_equal(DOCS / "upgrade-rules.md", upgrade_rules_page(), "botoproof explain --upgrade-rules")


def test_the_page_of_leniencies_says_what_the_installed_botocore_does(tmp_path: Path) -> None:
    # It names the release that it was generated with; beneath any other, all else must be the same.
    installed = f"hold for botocore {metadata.version('botocore')}."
    page = tmp_path / "leniencies.md"
    written = (DOCS / "leniencies.md").read_text("utf-8")
    page.write_text(re.sub(r"hold for botocore [\d.]+\.", installed, written), "utf-8")

    require_equal(page, leniencies_page(), "botoproof explain --leniencies")


def test_a_leniency_that_is_gone_is_told_on_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leniencies, "parse_reply", lambda operation, reply: Broken("planted", ""))

    assert f"{len(LENIENCIES)} of the {len(LENIENCIES)}" not in "\n".join(leniencies_page())
    assert [
        section.texts for section in leniencies.leniency_page(LENIENCIES[0]).sections if section.label == "news"
    ] != [()]


def test_a_page_that_is_out_of_date_is_told_with_the_way_to_mend_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("one\ntwo\n", "utf-8")

    with pytest.raises(pytest.fail.Exception, match="out of date from line 2 on, where x says 'three'; run ci/pages"):
        require_equal(page, iter(["one", "three"]), "x")


def test_the_index_leads_to_every_page_and_to_nothing_else() -> None:
    links = re.findall(r"\]\(([^)]+)\)", (DOCS / "README.md").read_text("utf-8"))
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}

    assert pages - set(links) == set()
    assert [link for link in links if not (DOCS / link).is_file()] == []


Promise = tuple[str, tuple[str, ...], bool, str, str, bool]


def promised(operation: str) -> list[Promise]:
    """Return what the page says of each probe: rule, errors, whether it is open, world, probe, whether alone."""
    text = (DOCS / "rules" / f"importexport.{operation}.md").read_text("utf-8")
    found: list[Promise] = []
    rule, codes, is_open = "", tuple[str, ...](), False
    for line in text.partition("## The probes of each rule")[2].splitlines():
        if head := re.fullmatch(r"`([^`]+)` \(([^,)]+)(, open)?\)", line):
            rule, codes, is_open = head[1], tuple(head[2].split(" or ")), bool(head[3])
        elif item := re.match(r"- `([^`]+)`(?:, in the world of ([^:]+))?: ", line):
            alone = not line.endswith(", and breaks further rules")
            found.append((rule, codes, is_open, item[2] or USUAL, item[1], alone))
    return found


@cache
def answers(operation: str, world: str) -> dict[str, CaseJudged]:
    """Send the table of an operation to the embedded endpoint, and return what came of each probe."""
    events: dict[str, CaseJudged] = {}

    def listen(event: Event) -> None:
        if isinstance(event, CaseJudged):
            events[event.probe] = event

    judge = open_judge(SPECIFICATION, embedded_target(SPECIFICATION, WORLDS[world], EXAMPLE_KEY))
    run_campaign(Plan("importexport", (operation,), phases=("table",)), judge, listen)
    return events


@every_operation
def test_each_probe_on_a_page_gets_one_of_the_errors_that_the_page_names(operation: str) -> None:
    wrong = []
    for rule, codes, is_open, world, probe, alone in promised(operation):
        outcome = answers(operation, world)[probe].exchange.outcome
        if is_open:
            as_promised = isinstance(outcome, Returned) or not alone
        else:
            as_promised = isinstance(outcome, Refused) and (outcome.code in codes or not alone)
        if not as_promised:
            wrong.append((rule, probe, outcome))

    assert wrong == []


def test_the_page_of_the_first_subject_promises_hundreds_of_answers() -> None:
    assert len(promised("UpdateJob")) > 150
    assert {world for *_, world, _, _ in promised("UpdateJob")} == set(WORLDS)
