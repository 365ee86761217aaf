"""The client that faults are tried with: the SDK's own settings, whatever this machine's configuration says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES as DEFAULTS  # spelled so there
from botocore.configprovider import ConstantProvider

from ...contract.adapters.retry_quota import fill_quota
from ...contract.adapters.sdk import ClientSettings, make_client, make_session
from ...contract.codec.signature import Credential
from ...contract.model import Operation
from .observation import TIME_LIMIT

BUDGETS = {"legacy": 5, "standard": 3}
"""How many attempts a call may take in each retry mode: the SDK's guide, "Retries", maximum retry attempts."""

# Python draws the same numbers from the same seed in every release (documentation of `random`, "Notes on
# Reproducibility"). The first four of this one are above 0.95: waits that are drawn come close to their limits.
_SEED = 109_131


def open_client(
    service: str, region: str, credential: Credential, url: str, *, mode: str, trusted: Path | None = None
) -> Any:
    """Return a client that retries as the SDK does by itself.

    Args:
        service: botocore's name.
        region: To sign for.
        credential: To sign with.
        url: Of the endpoint.
        mode: One of the retry modes; ``default`` is what the installed SDK does when nobody says anything.
        trusted: Certificates of the authorities that the endpoint's may come from; the usual ones when None.
    """
    session: Any = make_session(credential, region)
    store = session._session.get_component("config_store")  # noqa: SLF001 - boto3 has no public way to its session
    for name in ("retry_mode", "max_attempts"):
        # Environment and files of this machine may say something else, and are not the subject.
        store.set_config_provider(name, ConstantProvider(DEFAULTS[name][2]))
    store.set_config_provider("ca_bundle", ConstantProvider(None if trusted is None else str(trusted)))
    settings = {
        "retries": None if mode == "default" else {"mode": mode},
        "connect_timeout": TIME_LIMIT,
        "read_timeout": TIME_LIMIT,
        "proxies": {},
    }
    return make_client(ClientSettings(service, url, region, credential, settings), session)


def budget_of(client: Any) -> int:
    """Return how many attempts a call of the client may take."""
    return BUDGETS[client.meta.config.retries["mode"]]


def refill(client: Any, operation: Operation) -> None:
    """Give the client its tokens for retries back, so that nothing depends on the calls before."""
    fill_quota(client.meta.events, f"needs-retry.{client.meta.service_model.service_id.hyphenize()}.{operation.name}")


@contextmanager
def same_chance() -> Iterator[None]:
    """Let everything that is drawn be drawn the same way each time, for the duration."""
    state = random.getstate()
    random.seed(_SEED)
    try:
        yield
    finally:
        random.setstate(state)
