"""Rerouting a disk, whatever happens on the way: its callers learn where the disk goes, or that nobody knows."""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, SSLError

SETTINGS = {"retries": {"total_max_attempts": 1}}
"""Of the client: an update of which nobody knows whether it was made is not sent again behind our back."""


class RerouteRefused(Exception):
    """The disk goes where it went before."""


class OutcomeUnknown(Exception):
    """Nobody knows where the disk goes; look at the job's status before sending it again."""


def connect():
    """Return a client that `reroute` may use."""
    return boto3.client("importexport", config=Config(**SETTINGS))


def reroute(client, job, manifest):
    """Send the disk of a job elsewhere, and return True.

    Raises:
        RerouteRefused: The service has refused, or was never reached.
        OutcomeUnknown: The answer was lost, or says nothing.
    """
    try:
        reply = client.update_job(JobId=job, Manifest=manifest, JobType="Import", ValidateOnly=False)
    except ClientError as wrong:
        if wrong.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise OutcomeUnknown(f"job {job}: {wrong}") from wrong
        raise RerouteRefused(f"job {job} was not rerouted: {wrong}") from wrong
    except (EndpointConnectionError, ConnectTimeoutError, SSLError) as wrong:
        raise RerouteRefused(f"job {job} was not rerouted: {wrong}") from wrong
    except Exception as wrong:  # also ResponseParserError, which is neither a ClientError nor a BotoCoreError
        raise OutcomeUnknown(f"job {job}: {wrong}") from wrong
    if reply.get("Success") is not True:
        raise OutcomeUnknown(f"job {job}: the service did not say that it was done")
    return True
