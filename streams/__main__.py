"""`python -m streams [ROLE …]`: one role runs here, several each in a child process."""

import sys
from typing import Final

from runtime.logs import set_up_logs
from runtime.settings import InvalidSettings, load_settings
from streams import supervisor, worker

EXIT_USAGE: Final = 2


def main(arguments: list[str]) -> int:
    """Run the roles named, all of them if none is; return the exit code."""
    roles = arguments or list(worker.ROLES)
    unknown = [role for role in roles if role not in worker.ROLES]
    if unknown:
        known = ", ".join(worker.ROLES)
        sys.stderr.write(f"unknown role {', '.join(unknown)}; there are {known}\n")
        return EXIT_USAGE
    try:
        settings = load_settings()
    except InvalidSettings as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    set_up_logs(settings.log_level)
    if len(roles) == 1:
        return worker.run(roles[0], settings)
    return supervisor.run(roles, settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
