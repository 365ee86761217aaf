"""Schemathesis on a small WSGI app, 1,000 random cases with all its checks: prints cases and CPU seconds as JSON.

Run by `ci/bench/throughput` in an environment of its own. The app is the strict correct server of one POST operation
with UpdateJob's five fields; nothing fails, so nothing is shrunk. Import and schema loading are not counted.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import schemathesis
from flask import Flask, Response, jsonify, request
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema

JOB = {
    "type": "object",
    "additionalProperties": False,
    "required": ["JobId", "Manifest", "JobType", "ValidateOnly"],
    "properties": {
        "JobId": {"type": "string", "minLength": 1, "maxLength": 64},
        "Manifest": {"type": "string"},
        "JobType": {"type": "string", "enum": ["Import", "Export"]},
        "ValidateOnly": {"type": "boolean"},
        "APIVersion": {"type": "string"},
    },
}
RESULT = {"type": "object", "required": ["Success"], "properties": {"Success": {"type": "boolean"}}}
ERROR = {"type": "object", "required": ["Code"], "properties": {"Code": {"type": "string"}}}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "jobs", "version": "1"},
    "paths": {
        "/jobs": {
            "post": {
                "requestBody": {"required": True, "content": _content(JOB)},
                "responses": {
                    "200": {"description": "done", "content": _content(RESULT)},
                    "400": {"description": "refused", "content": _content(ERROR)},
                    "415": {"description": "not JSON", "content": _content(ERROR)},
                },
            }
        }
    },
}
app = Flask(__name__)


@app.get("/openapi.json")
def document() -> Response:
    """Serve the OpenAPI document."""
    return jsonify(DOCUMENT)


@app.post("/jobs")
def jobs() -> tuple[Response, int]:
    """Answer as the document says."""
    if request.mimetype != "application/json":
        return jsonify(Code="UnsupportedMediaType"), 415
    body = request.get_json(silent=True)
    return (jsonify(Success=True), 200) if is_valid(body) else (jsonify(Code="Invalid"), 400)


def is_valid(body: Any) -> bool:
    """Whether a body is one that the schema allows."""
    if not isinstance(body, dict) or set(body) - set(JOB["properties"]) or set(JOB["required"]) - set(body):
        return False
    texts = [body["JobId"], body["Manifest"], body["JobType"], body.get("APIVersion", "")]
    if not all(isinstance(text, str) for text in texts) or not isinstance(body["ValidateOnly"], bool):
        return False
    return 1 <= len(body["JobId"]) <= 64 and body["JobType"] in ("Import", "Export")


def main(examples: int) -> None:
    """Run the fuzzing phase once and print its figures."""
    config = SchemathesisConfig(seed=1)
    project = config.projects.default
    for phase in ("examples", "coverage", "stateful"):
        getattr(project.phases, phase).enabled = False
    project.generation.max_examples = examples
    project.generation.database = "none"
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)
    begun, cases, failures = time.process_time(), 0, 0
    for event in from_schema(schema).execute():
        recorder = getattr(event, "recorder", None)
        if recorder is not None and type(event).__name__ == "ScenarioFinished":
            cases += len(recorder.cases)
            failures += sum(check.failure_info is not None for checks in recorder.checks.values() for check in checks)
    spent = time.process_time() - begun
    figures = {"cases": cases, "cpu": spent, "failures": failures, "version": schemathesis.__version__}
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]))
