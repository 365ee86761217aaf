"""What a night is told to work on, looked at before its first step: nobody waits for the night to learn of a typo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from ...contract.errors import BadConfiguration, ToolkitError
from ..campaign.baseline_file import read_baseline
from ..choice import choose_subjects, require_target
from ..configuration import Configuration
from ..history.hook import read_hook
from ..recordings import files_of
from ..upgrade.accepting import read_accepted
from .settings import Settings


def require_usable(settings: Settings, configuration: Configuration, today: date) -> None:
    """Check what needs no network: services, targets, recordings, files of known findings, and the hook.

    Args:
        settings: What the night is to do.
        configuration: The whole configuration.
        today: For entries that expire.

    Raises:
        BadConfiguration: Something is not there or not understood; the text names the file, the key, and what is wrong.
    """
    for key, check in _checks(settings, configuration, today):
        try:
            check()
        except ToolkitError as wrong:
            raise BadConfiguration(f"{configuration.path}: {key}: {wrong}") from None


def _checks(
    settings: Settings, configuration: Configuration, today: date
) -> Iterator[tuple[str, Callable[[], object]]]:
    services = settings.services or ((configuration.service,) if configuration.service else ())
    for service in services:
        key = "nightly.services" if settings.services else "target.service"
        yield key, partial(choose_subjects, [service], None)
    for target in settings.targets:
        yield "nightly.targets", partial(require_target, target)
    if configuration.endpoint and not settings.targets:
        yield "target.endpoint", partial(require_target, configuration.endpoint)
    for path in settings.cassettes:
        yield "nightly.cassettes", partial(files_of, [Path(path)])
    if settings.baseline is not None:
        for name in dict.fromkeys(service.partition(".")[0] for service in services):
            yield "nightly.baseline", partial(read_baseline, Path(settings.baseline), name)
    if settings.accept is not None:
        yield "nightly.accept", partial(read_accepted, Path(settings.accept), today)
    if settings.hook is not None:
        yield "nightly.hook", partial(read_hook, settings.hook)
