"""`botoproof upgrade` as its user calls it, on wheels with planted differences; nothing is downloaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from botoproof.ci.upgrade.accepting import read_accepted

from ..upgrade.planted import Edit, changed, files, operation, put, shape, wheel
from .conftest import Done, reports

Call = Callable[..., Done]
REMOVED = shape("PlantInput", "members", "Kind", value=None)
NOTED = operation("idempotent", value=True)


def nothing(_: object) -> None:
    """Change nothing."""


@pytest.fixture
def upgrade(call: Call, folder: Path) -> Callable[..., Done]:
    """The command with --models, on a release and another one that was made of it."""

    def run(edit: Edit, *arguments: str) -> Done:
        wheels = wheel(folder, "1.0.0", files()), wheel(folder, "2.0.0", changed(edit))
        return call("upgrade", *(one.place.name for one in wheels), "--models", *arguments)

    return run


Upgrade = Callable[..., Done]


@pytest.mark.parametrize(
    ("edit", "arguments", "status", "verdict"),
    [
        (nothing, (), 0, "safe, as far as models can tell"),
        (NOTED, (), 0, "safe, as far as models can tell"),
        (REMOVED, (), 1, "not safe (1)"),
        (REMOVED, ("--profile", "reader"), 0, "safe, as far as models can tell"),
        (REMOVED, ("--severity", "input-member-removed=warning"), 0, "safe, as far as models can tell"),
        (REMOVED, ("--severity", "input-member-removed=warning", "--fail-on", "warning"), 1, "not safe (1)"),
        (NOTED, ("--severity", "trait-changed=error", "--service", "planted"), 1, "not safe (1)"),
        (put("planted/2020-01-01/service-2.json", "shapes", value=[]), (), 2, "unknown (1 service without evidence)"),
    ],
)
def test_the_verdict_is_the_last_line_and_the_exit_status(
    upgrade: Upgrade, edit: Edit, arguments: tuple[str, ...], status: int, verdict: str
) -> None:
    done = upgrade(edit, *arguments)

    assert (done.status, done.out.splitlines()[-1], done.err) == (status, verdict, "")


def test_what_is_accepted_gives_a_status_of_its_own(upgrade: Upgrade, folder: Path) -> None:
    upgrade(REMOVED, "--report", "json=upgrade.json")
    [finding] = [one for one in reports(folder / "upgrade.json")["findings"] if one["severity"] == "error"]
    entry = f'[[accept]]\nfingerprint = "{finding["fingerprint"]}"\nreason = "nobody gives it"\n'
    (folder / "accept.toml").write_text(entry, "utf-8")

    done = upgrade(REMOVED, "--accept", "accept.toml")

    assert (done.status, done.out.splitlines()[-1]) == (3, "safe, as far as models can tell, 1 accepted")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--service", "plante"),
            "neither botocore 1.0.0 nor botocore 2.0.0 has a service 'plante'; did you mean planted?",
        ),
        (("--severity", "x"), "--severity is written as RULE=SEVERITY, e.g. min-tightened=note, got 'x'"),
        (
            ("--severity", "min-tightend=note"),
            "--severity: there is no rule 'min-tightend'; did you mean min-tightened",
        ),
        (
            ("--severity", "min-tightened=info"),
            "--severity: min-tightened must be error, warning or note, got 'info'",
        ),
        (("--accept", "none.toml"), "there is no accept file 'none.toml'"),
        (("--profile", "callers"), "invalid value for '--profile': there is no 'callers'; did you mean caller?"),
        (("--report", "json=none/x.json"), "the json report cannot be written to none/x.json: there is no folder"),
        (
            ("--operation", "planted.Plant", "--service", "planted"),
            "--service looks at whole services, and --operation, --code and --recordings say what is in use",
        ),
        (("--report", "badg=x.svg"), "there is no report kind 'badg'; did you mean badge?"),
        (("--wires",), "upgrade has no option --wires; did you mean --wire"),
    ],
)
def test_a_mistake_is_told_in_one_paragraph(upgrade: Upgrade, arguments: tuple[str, ...], told: str) -> None:
    done = upgrade(REMOVED, *arguments)

    assert (done.status, done.out) == (2, "")
    assert done.told.startswith(told)


def test_an_operation_that_is_not_in_use_does_not_count(upgrade: Upgrade, folder: Path) -> None:
    (folder / "app.py").write_text('boto3.client("planted").water()', "utf-8")

    used, unused = upgrade(REMOVED, "--operation", "planted.Plant"), upgrade(REMOVED, "--code", "app.py")

    assert (used.status, unused.status) == (1, 0)
    assert "1 difference in operations that are not in use" in unused.out


def test_a_doubt_about_what_is_in_use_is_unknown(upgrade: Upgrade, folder: Path) -> None:
    (folder / "app.py").write_text('boto3.client("planted").water()\nboto3.client(name)', "utf-8")

    done = upgrade(nothing, "--code", "app.py")

    assert (done.status, done.out.splitlines()[-1]) == (2, "unknown (1 doubt about what is in use)")
    assert "in doubt: app.py:2 makes a client of a service that is not written there" in done.out


def test_half_a_wheel_is_told(call: Call, folder: Path) -> None:
    whole = wheel(folder, "1.0.0", files()).place
    half = folder / "half.whl"
    half.write_bytes(whole.read_bytes()[:2000])

    done = call("upgrade", whole.name, half.name, "--models")

    assert done.status == 2
    assert "half.whl is no wheel" in done.told


def test_every_kind_of_report_is_written_at_once_and_made_of_the_json_later(
    upgrade: Upgrade, call: Call, folder: Path
) -> None:
    kinds = ("html", "junit", "sarif", "markdown", "jsonl", "annotations", "badge")

    upgrade(REMOVED, "--report", "json=upgrade.json", *(f"--report={kind}={kind}.txt" for kind in kinds))

    for kind in kinds:
        later = call("report", kind, "upgrade.json")
        assert (later.status, later.out) == (0, (folder / f"{kind}.txt").read_text("utf-8"))


def test_an_upgrade_has_no_history(upgrade: Upgrade, call: Call) -> None:
    upgrade(REMOVED, "--report", "json=upgrade.json")

    done = call("report", "html", "upgrade.json", "--since", "upgrade.json")

    assert (done.status, done.told) == (2, "upgrade.json is about an upgrade, of which no history is kept")


def test_the_page_about_upgrades_names_options_that_there_are_and_an_accept_file_that_is_understood(
    call: Call, folder: Path
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "upgrade.md").read_text("utf-8")
    (accept,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (folder / "accept.toml").write_text(accept, "utf-8")
    suite = {"--botoproof-sdk", "--botoproof-sdk-accept", "--botoproof-sdk-report"}

    named = set(re.findall(r"--[a-z][a-z-]+", page)) - suite
    known = read_accepted(folder / "accept.toml", date(2027, 6, 30))

    assert named <= set(re.findall(r"--[a-z][a-z-]+", call("upgrade", "--help").out))
    assert set(known.entries) == {"66fd2e4f62a2"}
    assert set(known.severities) == {"header-added"}
