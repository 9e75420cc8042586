"""
`python -m streams [ROLE …]`: one role runs here, several each in a child process.

There may be several engines (REGULARS_ENGINE_PROCESSES): each has some partitions.
"""

import sys
from typing import Final

from runtime.logs import set_up_logs
from runtime.settings import InvalidSettings, load_settings
from streams import roles, supervisor, worker

EXIT_USAGE: Final = 2


def main(arguments: list[str]) -> int:
    """Run the roles named, all of them if none is; return the exit code."""
    names = arguments or list(roles.NAMES)
    unknown = [name for name in names if name not in roles.NAMES]
    if unknown:
        known = ", ".join(roles.NAMES)
        sys.stderr.write(f"unknown role {', '.join(unknown)}; there are {known}\n")
        return EXIT_USAGE
    try:
        settings = load_settings()
    except InvalidSettings as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    set_up_logs(settings.log_level)
    names = supervisor.processes_of(names, settings.engine_processes)
    if len(names) == 1:
        return worker.run(names[0], roles.builder_of(names[0]), settings)
    return supervisor.run(names, settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
