"""Any endpoint that speaks OpenAI's chat completions: hosted ones, and those of one's own machine.

Source: platform.openai.com/docs/api-reference/chat. What differs between servers is met here: some know no
schema for answers, some do not count tokens while they stream.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from app.core.clock import now
from app.core.errors import Cancelled, Failed
from app.integrations.language_model import messages
from app.integrations.language_model.port import Endpoint, Meter, Patience, Shape, Task, Usage, Written

if TYPE_CHECKING:
    from openai import OpenAI

_REPAIRS = 2
_TRIES = 6
_PAUSES = (2.0, 5.0, 15.0, 30.0, 60.0)
_LONGEST_PAUSE = 300.0
_BUSY = frozenset({408, 409, 425, 429})
_FIRST_SERVER_ERROR = 500
_MOST_CHARACTERS = 400_000
_LOOK_SECONDS = 0.2
_CHARACTERS_OF_A_TOKEN = 3  # more in most languages: it is said where nobody counts, and it is set aside


class _Busy(Exception):
    """It may work in a moment."""

    def __init__(self, why: str, *, seconds: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.seconds = seconds


class _Unmetered:
    """Counts nothing."""

    def admit(self, most: Usage) -> None:
        """Let everything happen."""

    def note(self, usage: Usage) -> None:
        """Forget it."""


@dataclass
class _Heard:
    """What came of an answer."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    has_ended: bool = False
    counted: Usage | None = None

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class OpenAICompatible:
    """Asks one endpoint, patiently, and takes only answers that hold.

    `silence_seconds` is how long nothing may come before it counts as stalled; `pause` waits. `tries` is how
    often a busy endpoint is asked, `repairs` how often an answer that does not fit is asked for again.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        silence_seconds: float = 60.0,
        pause: Callable[[float], None] = time.sleep,
        meter: Meter | None = None,
        tries: int = _TRIES,
        repairs: int = _REPAIRS,
    ) -> None:
        self._endpoint = endpoint
        self._meter: Meter = meter or _Unmetered()
        self._tries, self._repairs = tries, repairs
        self._silence = silence_seconds
        self._pause = pause
        self._knows_schemas = True  # until it says otherwise

    @property
    def name(self) -> str:
        return self._endpoint.model

    def write(self, task: Task[Shape], patience: Patience) -> Written[Shape]:
        """Ask until an answer fits, by default three times; each asking waits out a busy endpoint."""
        said = messages.opening(task)
        used = Usage()
        faults = ""
        with contextlib.closing(self._client()) as client:
            for _ in range(1 + self._repairs):
                text, usage = self._ask(client, said, task, patience)
                used += usage
                try:
                    return Written(task.shape.model_validate_json(messages.object_in(text)), used)
                except ValidationError as trouble:
                    faults = messages.faults_of(trouble)
                    said = [*messages.opening(task), *messages.repair(text, faults)]
        raise Failed(
            "model_answers_wrongly",
            f"The model {self.name} did not answer in the form that it was asked for.",
            "Try again, or choose a larger model.",
        )

    def _client(self) -> "OpenAI":
        from openai import OpenAI, Timeout

        return OpenAI(
            api_key=self._endpoint.key or "none",
            base_url=self._endpoint.base_url,
            timeout=Timeout(self._silence, connect=min(10.0, self._silence)),
            max_retries=0,  # whoever waits is told until when
        )

    def _ask(
        self, client: "OpenAI", said: list[dict[str, str]], task: Task[Shape], patience: Patience
    ) -> tuple[str, Usage]:
        for attempt in range(self._tries):
            try:
                return self._stream(client, said, task, patience)
            except _Busy as busy:
                if attempt == self._tries - 1:
                    raise Failed(
                        "model_busy",
                        f"The model {self.name} could not be asked: {busy.why}.",
                        "Try again later.",
                    ) from busy
                self._wait(busy.seconds or _PAUSES[min(attempt, len(_PAUSES) - 1)], patience)
        raise AssertionError("the last try either answers or fails")

    def _wait(self, seconds: float, patience: Patience) -> None:
        left = min(seconds, _LONGEST_PAUSE)
        patience.waits_until(now() + timedelta(seconds=left))
        while left > 0:
            _stop_if_over(patience)
            self._pause(min(left, _LOOK_SECONDS))
            left -= _LOOK_SECONDS
        patience.waits_until(None)

    def _stream(
        self, client: "OpenAI", said: list[dict[str, str]], task: Task[Shape], patience: Patience
    ) -> tuple[str, Usage]:
        import httpx2
        from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

        most = Usage(_tokens("".join(each["content"] for each in said)), task.most_tokens)
        self._meter.admit(most)
        heard = _Heard()
        try:
            self._read(client, said, task, patience, heard)
            return heard.text, heard.counted or Usage()
        except APITimeoutError as late:
            raise _Busy(f"nothing came for {self._silence:g} seconds") from late
        except APIConnectionError as away:
            raise _Busy("nobody answers at its address") from away
        except APIStatusError as refusal:
            raise self._refused(refusal.status_code, refusal.response.headers) from refusal
        except httpx2.TimeoutException as late:
            raise _Busy(f"nothing came for {self._silence:g} seconds") from late
        except (httpx2.TransportError, APIError, ValueError) as broken:
            raise _Busy("its answer broke off") from broken
        finally:
            self._meter.note(_used(heard, most))

    def _read(
        self,
        client: "OpenAI",
        said: list[dict[str, str]],
        task: Task[Shape],
        patience: Patience,
        heard: _Heard,
    ) -> None:
        with self._open(client, said, task) as stream:
            for event in stream:
                _stop_if_over(patience)
                if event.usage is not None:
                    heard.counted = Usage(event.usage.prompt_tokens, event.usage.completion_tokens)
                for choice in event.choices:
                    heard.pieces.append(choice.delta.content or "")
                    heard.length += len(heard.pieces[-1])
                    heard.has_ended = heard.has_ended or choice.finish_reason is not None
                patience.heard(heard.length)
                if patience.reads is not None:
                    patience.reads(heard.text)
                if heard.length > _MOST_CHARACTERS:
                    raise Failed("model_answers_wrongly", f"The model {self.name} does not come to an end.")
        if not heard.has_ended:
            raise _Busy("its answer broke off")

    def _open(self, client: "OpenAI", said: list[dict[str, str]], task: Task[Shape]) -> Any:
        from openai import BadRequestError

        while True:
            more: dict[str, Any] = {}
            if self._knows_schemas:
                more["response_format"] = messages.strict_format(task.shape)
            try:
                return client.chat.completions.create(  # type: ignore[call-overload]
                    model=self.name,
                    messages=said,
                    stream=True,
                    stream_options={"include_usage": True},
                    max_tokens=task.most_tokens,
                    **more,
                )
            except BadRequestError:
                if not self._knows_schemas:
                    raise
                self._knows_schemas = False  # the instructions say the same

    def _refused(self, status: int, headers: Any) -> Exception:
        if status in _BUSY or status >= _FIRST_SERVER_ERROR:
            return _Busy(f"it answered with {status}", seconds=_seconds_in(headers))
        if status in {401, 403}:
            return Failed(
                "model_refuses",
                "The model's endpoint does not take the key.",
                "An admin can set another one.",
            )
        if status == 404:  # noqa: PLR2004 - HTTP's word for it
            return Failed(
                "model_unknown",
                f"There is no model {self.name} at this address.",
                "An admin can correct the name or the address.",
            )
        return Failed(
            "model_refuses",
            f"The model's endpoint refused what it was asked, with status {status}.",
            "Try again.",
        )


def _tokens(text: str) -> int:
    return len(text) // _CHARACTERS_OF_A_TOKEN


def _used(heard: _Heard, most: Usage) -> Usage:
    """Return what an asking took; where the endpoint did not say, what its words look like."""
    if heard.counted is not None:
        return heard.counted
    return Usage(most.read, _tokens(heard.text)) if heard.pieces else Usage()


def _stop_if_over(patience: Patience) -> None:
    if patience.is_over():
        raise Cancelled


def _seconds_in(headers: Any) -> float | None:
    """Return how long an endpoint wants to be left alone; None where it does not say."""
    said = str(headers.get("Retry-After", ""))
    with contextlib.suppress(ValueError):
        return min(max(float(said), 0.0), _LONGEST_PAUSE)
    with contextlib.suppress(ValueError):
        when = datetime.strptime(said, "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=now().tzinfo)
        return min(max((when - now()).total_seconds(), 0.0), _LONGEST_PAUSE)
    return None
