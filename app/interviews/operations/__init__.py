"""What is done in an interview: begin, answer, accept what it came to, begin anew."""

from app.interviews.operations.accepting import complete, reset
from app.interviews.operations.answering import answer, start
from app.interviews.operations.conversing import ask, go_on_as_form

__all__ = ["answer", "ask", "complete", "go_on_as_form", "reset", "start"]
