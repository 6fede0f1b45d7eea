"""A question that the server of a call asked in the middle of it, and what it was told."""

from dataclasses import dataclass

from workbench.core.event import ServerAnswered, ServerAsked


@dataclass
class QuestionSpan:
    """A question, with its reply once there is one."""

    asked: ServerAsked
    answered: ServerAnswered | None = None


def take_question(questions: list[QuestionSpan], event: ServerAsked | ServerAnswered) -> None:
    """Keep the questions of a call in line with its events."""
    if isinstance(event, ServerAsked):
        questions.append(QuestionSpan(event))
        return
    for each in questions:
        if each.asked.question_id == event.question_id:
            each.answered = event
