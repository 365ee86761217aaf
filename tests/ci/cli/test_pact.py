"""`botoproof pact`: what it writes, verifies and says, and how it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botoproof.ci.pacts import verify as verifying
from defusedxml import ElementTree

from .conftest import Done, Start
from .test_serve import listening

Call = Callable[..., Done]


def test_one_operation_is_written_and_kept_by_the_embedded_endpoint(call: Call, folder: Path) -> None:
    pytest.importorskip("pact", reason="pacts are verified by the extra `pact`")

    written = call("pact", "write", "importexport.UpdateJob", "--output", "pact.json")
    verified = call(
        "pact", "verify", "pact.json", "--target", "embedded", "--report", "json=r.json", "--report", "junit=r.xml"
    )

    assert (written.status, written.out, written.err) == (0, "19 interactions written to pact.json\n", "")
    assert (verified.status, verified.err) == (0, "")
    assert verified.out.splitlines()[0] == "kept     UpdateJob succeeds"
    assert "importexport-client and the embedded endpoint: 19 kept" in verified.out.splitlines()[-1]
    report = json.loads((folder / "r.json").read_text("utf-8"))
    assert (report["schema"], len(report["interactions"]), report["findings"]) == ("botoproof/pact/1", 19, [])
    suite = ElementTree.fromstring((folder / "r.xml").read_text("utf-8"))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("19", "0", "0")


def test_a_broken_pact_is_told_in_every_report(call: Call, folder: Path) -> None:
    pytest.importorskip("pact", reason="pacts are verified by the extra `pact`")
    call("pact", "write", "importexport.CancelJob", "--output", "pact.json")
    path = folder / "pact.json"
    path.write_text(path.read_text("utf-8").replace("UnableToCancelJobIdException<", "CannotException<"), "utf-8")

    done = call("pact", "verify", "pact.json", "--report", "json=r.json", "--report", "junit=r.xml")

    assert done.status == 1
    assert "broken   CancelJob fails with UnableToCancelJobIdException\n" in done.out
    assert "5 kept, 1 broken" in done.out
    [finding] = json.loads((folder / "r.json").read_text("utf-8"))["findings"]
    assert finding["code"] == "pact-broken"
    assert "CannotException" in finding["expected"]
    [failure] = ElementTree.fromstring((folder / "r.xml").read_text("utf-8")).iter("failure")
    assert failure.get("type") == "pact-broken"


def test_what_cannot_be_written_is_told(call: Call) -> None:
    done = call("pact", "write", "importexport.ListJobs", "--consumer", "me", "--provider", "it", "--pact-version", "3")

    data = json.loads(done.out)
    assert (done.status, data["consumer"], data["provider"]) == (0, {"name": "me"}, {"name": "it"})
    assert data["metadata"] == {"pactSpecification": {"version": "3.0.0"}}
    assert done.err.startswith("left out: importexport.ListJobs fails with InvalidAccessKeyIdException: no source says")


WORLD = """
[world]
era = "2010-06-03"

[world.buckets]
ours = { region = "us-east-1", access = "write" }
"""
KEY = """
[credentials]
access-key-id = "AKIASOMEBODYSEXAMPLE"
secret-access-key = "an-example-of-a-secret-that-is-no-key"
"""


def test_the_world_of_the_configuration_is_the_one_in_which_requests_are_made(call: Call, folder: Path) -> None:
    (folder / "c.toml").write_text(WORLD + KEY, "utf-8")

    done = call("pact", "write", "importexport.UpdateJob", "--config", "c.toml")

    assert done.status == 0
    assert "bucket%3A+ours" in done.out
    assert "bucket%3A+my-import" not in done.out
    assert "SOMEBODY" not in done.out
    assert "an-example-of-a-secret" not in done.out


EXPIRED = """
[world.buckets]
my-import = { region = "us-east-1", access = "write" }
not-mine = { region = "us-east-1", access = "denied" }

[world.jobs]
expired = ["EXP9A"]
in-progress = ["RUN9A"]
"""
SHIPPING = Path(__file__).parents[2] / "examples" / "shipping" / "pacts" / "shipping-aws-importexport.json"


def test_what_an_example_relies_on_is_kept_by_a_served_endpoint_that_knows_other_keys_and_ids(
    call: Call, folder: Path, start: Start
) -> None:
    pytest.importorskip("pact", reason="pacts are verified by the extra `pact`")
    (folder / "c.toml").write_text(EXPIRED + KEY, "utf-8")
    (folder / "wrong.toml").write_text(EXPIRED + KEY.replace("an-example", "another-example"), "utf-8")

    with start("serve", "--config", "c.toml") as process:
        url = listening(process)
        kept = call("pact", "verify", str(SHIPPING), "--target", url, "--config", "c.toml", "--consumer", "shipping")
        unsigned = call("pact", "verify", str(SHIPPING), "--target", url, "--config", "wrong.toml")

    assert (kept.status, kept.err) == (0, "")
    assert f"shipping and {url}: 8 kept" in kept.out
    assert unsigned.status != 0  # signatures are looked at


MISTAKES = {
    ("pact",): "say what to do with pacts: write, verify, lint",
    ("pact", "wirte"): "there is no command 'pact wirte'; did you mean write?",
    ("pact", "write", "importexport.UpdateJobs"): "did you mean UpdateJob or CreateJob?",
    ("pact", "write", "importexport.UpdateJob", "--output", "no/where.json"): "there is no folder",
    ("pact", "verify", "none.json"): "the pact none.json cannot be read: No such file or directory",
    ("pact", "verify", "none.json", "--report", "jnuit=x"): "no report kind 'jnuit' for pacts; did you mean junit?",
    ("pact", "verify", "none.json", "--report", "json"): "a report is written as KIND=PATH to a file",
    ("pact", "verify", "broken.json"): "broken.json is no JSON: Expecting property name",
    ("pact", "verify", "one.json"): "pacts of version 2, 3 or 4 can be used, and this one has version 1.0.0",
    ("pact", "verify", "shop.json", "--consumer", "shipping"): "the pact of 'shop', and --consumer says 'shipping'",
    ("pact", "verify", "shop.json"): "shop.json holds no HTTP interaction, so there is nothing to verify",
    ("pact", "lint", "one.json"): "pacts of version 2, 3 or 4 can be used, and this one has version 1.0.0",
    ("pact", "write", "importexport.UpdateJob", "--config", "none.toml"): "none.toml",
    (
        "pact",
        "write",
        "importexport.UpdateJob",
        "--config",
        "bad.toml",
    ): "[world] has no key 'bukets'; did you mean buckets?",
}
METADATA = '"metadata": {"pactSpecification": {"version": "%s"}}'
FILES = {
    "broken.json": "{,",
    "one.json": f"{{{METADATA % '1.0.0'}}}",
    "shop.json": f'{{"consumer": {{"name": "shop"}}, "provider": {{"name": "p"}}, {METADATA % "4.0"}}}',
    "bad.toml": "[world.bukets]",
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_told_in_one_paragraph(arguments: tuple[str, ...], call: Call, folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")

    done = call(*arguments)

    assert done.status == 2
    assert MISTAKES[arguments] in done.told


def test_ctrl_c_in_a_verification_ends_the_command(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    call("pact", "write", "importexport.CancelJob", "--output", "pact.json")

    def interrupted(*_: object) -> Iterator[None]:
        raise KeyboardInterrupt

    monkeypatch.setattr(verifying, "_wait", interrupted)

    assert (done := call("pact", "verify", "pact.json")).status == 2
    assert done.err.strip() == "botoproof: interrupted"


def test_writing_loads_no_pact() -> None:
    program = (
        "import sys; from botoproof.ci.cli import main; main(['pact', 'write', 'importexport.UpdateJob']); "
        "sys.exit('pact' in sys.modules or 'pact_ffi' in sys.modules)"
    )

    assert subprocess.run((sys.executable, "-c", program), stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_a_pact_is_searched_without_a_provider(call: Call, folder: Path) -> None:
    call("pact", "write", "importexport.UpdateJob", "--output", "pact.json")
    clean = call("pact", "lint", "pact.json")
    path = folder / "pact.json"
    path.write_text(path.read_text("utf-8").replace('"an expired job"', '"an expierd job"'), "utf-8")

    dirty = call("pact", "lint", "pact.json")
    as_json = call("pact", "lint", "pact.json", "--json")

    assert (clean.status, clean.out) == (0, "19 interactions, 0 findings, 0 notes\n")
    assert dirty.status == as_json.status == 1
    assert "pact-state-unknown: UpdateJob fails with ExpiredJobIdException" in dirty.out
    assert [one["code"] for one in json.loads(as_json.out)["findings"]] == ["pact-state-unknown"]
