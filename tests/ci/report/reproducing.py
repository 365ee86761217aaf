"""Cases to reproduce, and what runs a reproducer."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace

from botoproof.ci.campaign.judge import Judge
from botoproof.ci.report.reproduce import Reproduction, reproduce
from botoproof.contract.case import Call, Case, Form, Raw, Signing
from botoproof.contract.checks import KINDS
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.finding import Finding
from botoproof.contract.services.importexport.manifests import base_import

from .conftest import prepared_scene, world_of

FINDING = Finding(KINDS["accepted-in-silence"], "importexport.UpdateJob", "", "an error", "a success")
UNSTABLE = replace(FINDING, kind=KINDS["outcome-unstable"])
MANIFEST = base_import(world_of({}, EXAMPLE_KEY))
FULL = (("Action", "UpdateJob"), ("Version", "2010-06-01"))


def call(job: str, **changes: object) -> Case:
    parameters = {"JobId": job, "JobType": "Import", "Manifest": MANIFEST, "ValidateOnly": True}
    return Case("UpdateJob", Call({**parameters, **changes}))


def form(job: str, signing: Signing | None = None, method: str = "POST") -> Case:
    pairs = (*FULL, ("JobId", job), ("JobType", "Import"), ("Manifest", MANIFEST), ("ValidateOnly", "true"))
    return Case("UpdateJob", Form(pairs, method=method), signing=signing or Signing())


# What is sent, and a word that the answer to it holds.
CASES: dict[str, tuple[Case, str]] = {
    "a call for a job of our own": (call("~pending~"), "Success"),
    "a call for a cancelled job": (call("~cancelled~"), "CanceledJobIdException"),
    "a call for the keeper's job": (call("~expired~"), "ExpiredJobIdException"),
    "a call that the SDK rejects": (Case("UpdateJob", Call({"JobId": "~pending~", "JobType": 3})), "Missing required"),
    "a form": (form("~pending~"), "Success"),
    "a form by GET": (form("~expired~", method="GET"), "ExpiredJobIdException"),
    "a form with version 2": (form("~pending~", Signing(version="v2")), "Success"),
    "a form of nobody": (form("~pending~", Signing(key="unknown")), "InvalidClientTokenId"),
    "an unsigned form": (form("~pending~", Signing(key="none")), "Missing"),
    "a wrong signature": (form("~pending~", Signing(tampered=True)), "SignatureDoesNotMatch"),
    "an old signature": (form("~pending~", Signing(age_seconds=7200)), "RequestExpired"),
    "bytes": (Case("UpdateJob", Raw(b"Action=UpdateJob&JobId=~expired~&X='%zz\xff")), "MalformedQueryString"),
    "a megabyte": (
        Case("UpdateJob", Raw(b"Action=UpdateJob&Version=2010-06-01&JobId=~cancelled~&X=" + b"a" * 1_000_000)),
        "Exception",
    ),
}


def reproduction(judge: Judge, case: Case, finding: Finding = FINDING) -> Reproduction:
    scene = prepared_scene(judge)
    return reproduce(finding, judge.exchange(case), scene)


def ran(*command: str, **environment: str) -> str:
    """Run a command to its end and return what it said."""
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env={**os.environ, **environment}, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
