"""Started by its path in the interpreter of another SDK, with where that lies: ``python -I __main__.py PATH...``."""

import importlib
import importlib.util
import os
import sys

_NAME = "botoproof_inside"


def main(paths: "list[str]") -> int:
    """Arrange the surroundings, load the SDK, and answer what is asked until standard input ends.

    Args:
        paths: Folders to import the SDK from; none when it is the interpreter's own.
    """
    sys.path[:0] = paths
    # What the SDK prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - old interpreters, and nothing else
    init = os.path.join(folder, "__init__.py")  # noqa: PTH118 - as above
    spec = importlib.util.spec_from_file_location(_NAME, init, submodule_search_locations=[folder])
    if spec is None or spec.loader is None:
        raise ImportError(f"{init} cannot be loaded")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = package
    spec.loader.exec_module(package)
    # Before the SDK is imported: it keeps references to what is replaced.
    importlib.import_module(f"{_NAME}.surroundings").arrange()
    importlib.import_module(f"{_NAME}.answering").serve(sys.stdin, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
