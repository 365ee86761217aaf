"""The floor: a bare Hypothesis draw and a bare boto3 call with a canned answer; prints cases and CPU seconds as JSON.

No oracle, no checks, no strict codec, no malformed requests: what nobody who uses Hypothesis and boto3 can go below.
"""

from __future__ import annotations

import io
import json
import sys
import time
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ANSWER = (
    b'<UpdateJobResponse xmlns="http://importexport.amazonaws.com/doc/2010-06-01/"><UpdateJobResult><Success>true'
    b"</Success></UpdateJobResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></UpdateJobResponse>"
)


class _Raw(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


def main(examples: int) -> None:
    """Draw and call so many times, and print the figures."""
    session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region_name="us-east-1")
    config = Config(retries={"total_max_attempts": 1})
    client = session.client("importexport", endpoint_url="http://canned.invalid", config=config)
    client.meta.events.register_first(
        "before-send", lambda request, **_: AWSResponse(request.url, 200, {"Content-Type": "text/xml"}, _Raw(ANSWER))
    )
    required = {"JobId": st.text(), "Manifest": st.text(), "JobType": st.sampled_from(("Import", "Export"))}
    requests = st.fixed_dictionaries({**required, "ValidateOnly": st.booleans()}, optional={"APIVersion": st.text()})
    cases = 0

    @seed(1)
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(requests)
    def test(parameters: dict[str, Any]) -> None:
        nonlocal cases
        cases += 1
        client.update_job(**parameters)

    client.update_job(JobId="warm", Manifest="up", JobType="Import", ValidateOnly=True)
    begun = time.process_time()
    test()
    sys.stdout.write(json.dumps({"cases": cases, "cpu": time.process_time() - begun}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
