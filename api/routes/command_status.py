"""What became of a command, for whoever was not answered in time."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.command_responses import CommandOut, command_out
from api.dependencies import Desk
from api.errors import problem_responses
from api.problems import CommandNotFound, InvalidRequest, Problem, Unavailable

CommandId = Annotated[str, Path(pattern=r"^api-[0-9a-f]{32}$")]

router = APIRouter(
    prefix="/v1/commands",
    tags=["commands"],
    responses=problem_responses(CommandNotFound, InvalidRequest, Unavailable, Problem),
)


@router.get("/{command_id}", response_model_exclude_none=True)
async def get_command(command_id: CommandId, desk: Desk) -> CommandOut:
    """Pending, done or refused; known for a day."""
    answer = await desk.find(command_id)
    if answer is None:
        raise CommandNotFound(f"there is no command {command_id!r}, or no longer")
    return command_out(answer)
