"""What we answer to questions: columns with what they are, and rows."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from api import analytics_examples as examples
from api.responses import shown
from stores.questions import QUESTIONS, TIME, Answered


class ColumnOut(BaseModel):
    """A column; `kind` says what its values are, e.g. minor (units of money)."""

    name: str
    kind: str


class QuestionOut(BaseModel):
    """A question: what it can be told, and the columns of its answer."""

    question: str
    parameters: list[str]
    columns: list[ColumnOut]


class QuestionsOut(BaseModel):
    """All questions."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.QUESTIONS]})

    items: list[QuestionOut]


class AnswerOut(BaseModel):
    """Rows of an answer; `is_cut` when there were more than an answer may have."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWER]})

    question: str
    columns: list[ColumnOut]
    rows: list[list[str | int | float | None]]
    is_cut: bool


def questions_out() -> QuestionsOut:
    """All questions as the API shows them."""
    return QuestionsOut(
        items=[
            QuestionOut(
                question=one.name,
                parameters=list(one.parameters),
                columns=[ColumnOut(**column._asdict()) for column in one.columns],
            )
            for one in QUESTIONS.values()
        ]
    )


def answer_out(question: str, answer: Answered) -> AnswerOut:
    """Answer as the API shows it: times as RFC 3339, days as ISO 8601."""
    kinds = [column.kind for column in answer.columns]
    return AnswerOut(
        question=question,
        columns=[ColumnOut(**column._asdict()) for column in answer.columns],
        rows=[
            [_value(value, kind) for value, kind in zip(row, kinds, strict=True)]
            for row in answer.rows
        ],
        is_cut=answer.is_cut,
    )


def _value(value: Any, kind: str) -> str | int | float | None:
    if isinstance(value, date):
        return value.isoformat()
    if kind == TIME and value is not None:
        return shown(value)
    found: str | int | float | None = value
    return found
