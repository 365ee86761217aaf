"""`botoproof history`: what it says of nights, findings and changes, and of what it cannot use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..history.nights import ONE, OTHER, finding, report
from .conftest import Done

Call = Callable[..., Done]
SEEN, CLEAN = report(finding()), report()


@pytest.fixture
def nights(call: Call, folder: Path) -> Callable[..., None]:
    """Adds a night's report for each day from the 20th on."""

    def add(*reports: dict[str, Any]) -> None:
        for day, data in enumerate(reports, 20):
            folder.joinpath("r.json").write_text(json.dumps({**data, "seed": day}))
            done = call("history", "add", "r.json", "--file", "h.sqlite", "--at", f"2026-11-{day}T02:00Z")
            assert (done.status, done.err) == (0, "")
            assert done.out == f"r.json: added to h.sqlite, night 2026-11-{day}\n"

    return add


def ask(call: Call, *words: str) -> Done:
    return call("history", *words, "--file", "h.sqlite")


def test_the_overview_tells_the_nights_and_what_the_last_one_changed(call: Call, nights: Callable[..., None]) -> None:
    nights(CLEAN, SEEN, report(finding(OTHER)))

    done = ask(call)

    assert done.status == 0
    assert done.out.splitlines() == [
        "h.sqlite: 3 runs, 2 findings",
        "importexport on http://a:1",
        "  night       verdict   runs  cases  errors  findings  new  back  gone  botocore",
        "  2026-11-20  clean     1     22     1/1     0                          1.44.5",
        "  2026-11-21  findings  1     22     1/1     1         1                1.44.5",
        "  2026-11-22  findings  1     22     1/1     1         1          1     1.44.5",
        f"  new      {OTHER}  error error-undocumented, importexport.UpdateJob: seen 2026-11-22",
        f"  gone     {ONE}  error error-undocumented, importexport.UpdateJob: seen 2026-11-21, 1 flip",
    ]


def test_a_second_night_without_change_says_nothing_new(call: Call, nights: Callable[..., None]) -> None:
    nights(SEEN, SEEN)

    assert "  nothing new since 2026-11-20" in ask(call).out.splitlines()


def test_the_overview_as_json_holds_the_trend(call: Call, nights: Callable[..., None]) -> None:
    nights(CLEAN, SEEN)

    told = json.loads(ask(call, "--json").out)

    [target] = told["targets"]
    assert told["schema"] == "botoproof/history/1"
    assert [(night["night"], night["new"]) for night in target["nights"]] == [("2026-11-20", []), ("2026-11-21", [ONE])]
    assert target["news"]["new"] == [ONE]
