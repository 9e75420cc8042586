"""What became of a command, for whoever was not answered in time."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.command_responses import CommandOut, command_out
from api.dependencies import Desk
from api.errors import problem_responses
from api.gate import Caller, requires
from api.problems import CommandNotFound, InvalidRequest, Problem, Unavailable

CommandId = Annotated[str, Path(pattern=r"^api-[0-9a-f]{32}$")]

router = APIRouter(
    prefix="/v1/commands",
    tags=["commands"],
    responses=problem_responses(CommandNotFound, InvalidRequest, Unavailable, Problem),
)


@router.get(
    "/{command_id}",
    dependencies=[
        requires("members:read", "members:write", "points:write", "service:write")
    ],
    response_model_exclude_none=True,
)
async def get_command(command_id: CommandId, desk: Desk, caller: Caller) -> CommandOut:
    """Pending, done or refused; known for a day to the client that sent it."""
    answer = await desk.find(command_id, caller)
    if answer is None:
        raise CommandNotFound(f"there is no command {command_id!r}, or no longer")
    return command_out(answer)
