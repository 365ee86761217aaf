"""The verdict of several runs: that of the worst, and what counts is counted once."""

from __future__ import annotations

from typing import Any

import pytest
from botoproof.ci.report.columns import columns_of
from botoproof.ci.report.verdicts import conformance_verdict

from .made import PASSED, finding, run

BASELINE = {"file": "b.toml", "unexpected_passes": [PASSED], "not_seen": []}


@pytest.mark.parametrize(
    ("reports", "word", "because"),
    [
        ([run()], "clean", "Every reply was one that the contract allows."),
        ([run(), run(finding(status="known"), verdict="known")], "known", "Nothing but known or flaky findings."),
        (
            [run(finding(status="known"), verdict="known"), run(verdict="unknown", stopped="interr\x00upted")],
            "unknown",
            "A run was cut short: interr\\x00upted.",
        ),
        ([run(verdict="unknown", stopped="is it up?")], "unknown", "A run was cut short: is it up?"),
        ([run(verdict="unknown")], "unknown", "A run lacks a part, or judged nothing."),
        (
            [run(verdict="unknown"), run(finding(1), finding(2, severity="warning"), finding(3, severity="note"))],
            "findings",
            "1 error and 1 warning in 1 of 1 operation, in 1 of 2 runs.",
        ),
        (
            [run(finding(1)), run(finding(1), finding(2), endpoint="http://e")],
            "findings",
            "2 errors in 1 of 1 operation, in 2 of 2 runs.",
        ),
        ([run(verdict="findings", baseline=BASELINE)], "findings", "1 unexpected pass in 1 of 1 operation."),
    ],
)
def test_the_verdict_is_that_of_the_worst_run(reports: list[Any], word: str, because: str) -> None:
    verdict = conformance_verdict(columns_of(reports))

    assert (verdict.word, verdict.because) == (word, because)
