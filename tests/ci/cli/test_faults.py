"""`botoproof faults` lists, tells of one kind, measures, writes and compares."""

from __future__ import annotations

from pathlib import Path

import pytest
from botoproof.ci.cli import faults
from botoproof.ci.cli.command import main
from botoproof.ci.faults.observation import Observation
from botoproof.ci.faults.table import Row, Table, read_table_file, write_table
from botoproof.contract.faults.kinds import KINDS

DNS = Observation("dns", "EndpointConnectionError", escapes=False, attempts=3, effects=0)
TABLE = Table("1.2.3", "importexport.UpdateJob", (Row("hook", "default", DNS),))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What was measured, instead of which a small table is given."""
    asked: list[tuple[object, ...]] = []

    def measure(service: str, operation: str, *, engines: tuple[str, ...], modes: tuple[str, ...]) -> Table:
        asked.append((f"{service}.{operation}", engines, modes))
        return TABLE

    monkeypatch.setattr(faults, "measure", measure)
    return asked


def test_every_kind_is_listed_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(KINDS)


def test_a_kind_is_told_with_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", "status"]) == 0
    out = capsys.readouterr().out
    assert "body       empty or html" in out
    assert "(required)" in out
    assert "with :post" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["latenc"], "unknown fault 'latenc'; did you mean latency?"),
        (["dns", "--measure"], "every fault is measured"),
        (["--operation", "importexport.UpdateJob"], "--operation goes with --measure"),
        (["--measure", "--operation", "importexport"], "--operation takes one of importexport"),
        (["--measure", "--operation", "importexport.UpdateJobs"], "did you mean"),
        (["--measure", "--modes", "legcy"], "did you mean legacy?"),
        (["--measure", "--engines", "hok"], "did you mean hook?"),
        (["--compare", "none.json"], "none.json cannot be read"),
    ],
)
def test_mistakes_are_told_and_nothing_is_measured(
    words: list[str], told: str, measured: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["faults", *words]) == 2
    assert told in capsys.readouterr().err
    assert measured == []


def test_the_first_operation_that_can_be_called_is_measured(measured: list[tuple[object, ...]]) -> None:
    assert main(["faults", "--measure"]) == 0
    assert measured == [("importexport.UpdateJob", ("hook",), ("default",))]


@pytest.mark.usefixtures("measured")
def test_what_was_measured_is_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", "--measure", "--output", str(tmp_path / "table.json")]) == 0
    assert read_table_file(tmp_path / "table.json") == TABLE
    assert "EndpointConnectionError         3        0" in capsys.readouterr().out


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize(("outcome", "status"), [("EndpointConnectionError", 0), ("KeyError", 1)])
def test_differences_to_a_file_end_with_findings(
    outcome: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Table("1.2.2", TABLE.operation, (Row("hook", "default", Observation("dns", outcome, False, 3, 0)),))
    (tmp_path / "old.json").write_text(write_table(other))

    assert main(["faults", "--compare", str(tmp_path / "old.json")]) == status
    assert f"botocore 1.2.2 -> 1.2.3, importexport.UpdateJob: {status} of 1" in capsys.readouterr().out
