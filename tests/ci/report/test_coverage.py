"""Error coverage on the console: one table for one operation, one matrix for several, and why not."""

from __future__ import annotations

from botoproof.ci.campaign.result import ErrorCoverage, OperationResult
from botoproof.ci.report.coverage import coverage_lines
from botoproof.ci.report.payload import Redaction
from botoproof.contract.finding import Evidence

NOTHING = Redaction(())
MET = ErrorCoverage(12, ("a", "b"), Evidence.DOCUMENTED)
GUESSED = ErrorCoverage(3, ("a",), Evidence.INFERRED)
NEVER = ErrorCoverage()
UNREACHABLE = ErrorCoverage(unreachable="no source says when")


def lines(**operations: dict[str, ErrorCoverage]) -> str:
    results = {f"svc.{name}": OperationResult(40, errors, {}, {}) for name, errors in operations.items()}
    return "\n".join(line.plain for line in coverage_lines("svc", results, NOTHING))


def test_one_operation_has_a_table_with_every_error() -> None:
    assert lines(Make={"Wrong": MET, "Unheard": NEVER, "Odd": UNREACHABLE}) == (
        "\n"
        "svc.Make: 40 cases, 1 of 3 documented exceptions provoked, 1 unreachable\n"
        "  exception  times  probes  evidence\n"
        "  Wrong         12       2  documented\n"
        "  Unheard        0       0  never provoked\n"
        "  Odd            0       0  unreachable, see below\n"
        "  unreachable: Odd of Make: no source says when"
    )


def test_several_operations_have_one_matrix_and_a_sum() -> None:
    told = lines(
        Make={"Wrong": MET, "Odd": UNREACHABLE}, TakeAway={"Wrong": GUESSED, "Odd": UNREACHABLE, "Gone": NEVER}
    )

    assert told == (
        "\n"
        "svc: 2 of 5 documented exceptions provoked, 2 unreachable\n"
        "  svc.Make: 40 cases, 1 of 2 documented exceptions provoked, 1 unreachable\n"
        "  svc.TakeAway: 40 cases, 1 of 3 documented exceptions provoked, 1 unreachable\n"
        "\n"
        "  times provoked    Make  TakeAway\n"
        "  Wrong             12 d       3 i\n"
        "  Odd               none      none\n"
        "  Gone                 -     never\n"
        "  d documented, o observed, i inferred; none: unreachable, see below; -: not documented for it\n"
        "  unreachable: Odd of Make and TakeAway: no source says when"
    )


def test_reasons_hold_no_control_characters() -> None:
    assert "\\x1b" in lines(Make={"Odd": ErrorCoverage(unreachable="a\x1b[31m")})


def test_operations_without_documented_errors_have_no_matrix() -> None:
    assert lines(Make={}, Take={}) == (
        "\n"
        "svc: 0 of 0 documented exceptions provoked\n"
        "  svc.Make: 40 cases, 0 of 0 documented exceptions provoked\n"
        "  svc.Take: 40 cases, 0 of 0 documented exceptions provoked"
    )
