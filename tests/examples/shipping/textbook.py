"""Rerouting a disk as most code calls AWS: it catches what botocore's documentation says that botocore raises."""

from botocore.exceptions import BotoCoreError, ClientError


class RerouteRefused(Exception):
    """The disk goes where it went before."""


def reroute(client, job, manifest):
    """Send the disk of a job elsewhere, and return True."""
    try:
        reply = client.update_job(JobId=job, Manifest=manifest, JobType="Import", ValidateOnly=False)
    except (ClientError, BotoCoreError) as wrong:
        raise RerouteRefused(f"job {job} was not rerouted: {wrong}") from wrong
    return reply["Success"]
