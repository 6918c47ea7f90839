"""Every error Pellucid raises on purpose, drawn as a tree.

    PellucidError
    ├── BadRequest            what was asked cannot be done as asked
    │   ├── UnknownName       a model, effort or tool that does not exist
    │   ├── WindowExceeded    more tokens than the window holds
    │   ├── BadConstraint     a constraint on the answer that cannot be enforced
    │   │   └── BadSchema     a JSON Schema that cannot
    │   └── FetchError        an address leads to nothing that can be used
    │       ├── FetchRefused  it must not be opened
    │       └── SearchUnavailable  nothing can be searched: no provider, an empty index
    ├── BudgetExceeded        a scope (tokens, seconds, calls) is used up
    ├── EngineError           the engine failed
    │   ├── EngineDied        its process went away (retryable)
    │   └── EngineBusy        its queue is full (retryable)
    │       └── DeadlineMissed  the first token came too late, or would have
    ├── WeightsError          weights cannot be fetched, verified or understood
    ├── SandboxError          the sandbox failed, as opposed to the code in it
    │   └── SandboxUnavailable  this machine cannot isolate code
    └── ReceiptError          a receipt cannot be read or does not hold together

`code` is stable and machine-readable; the message is one line for people that names
what is wrong and, where there is one, the way out.
"""


class PellucidError(Exception):
    """Base of all; `retryable` tells that the same request may succeed later."""

    code = "error"
    retryable = False


class BadRequest(PellucidError):
    """What was asked cannot be done as asked."""

    code = "invalid_request"


class UnknownName(BadRequest):
    """A model, effort or tool that does not exist; the message lists those that do."""

    code = "unknown_name"


class WindowExceeded(BadRequest):
    """The request holds more tokens than the window; nothing was cut."""

    code = "context_length_exceeded"

    def __init__(self, tokens: int, window: int, reserve: int) -> None:
        super().__init__(
            f"the question has {tokens:,} tokens; the window holds {window:,}, of which "
            f"{reserve:,} are kept for the answer; shorten it by "
            f"{tokens + reserve - window:,} tokens or raise PELLUCID_ENGINE_WINDOW"
        )
        self.tokens, self.window, self.reserve = tokens, window, reserve


class BadConstraint(BadRequest):
    """A constraint on the answer that cannot be enforced."""

    code = "invalid_constraint"


class BadSchema(BadConstraint):
    """A JSON Schema that cannot be enforced; `pointer` (RFC 6901) leads to the part."""

    code = "invalid_json_schema"

    def __init__(self, message: str, pointer: str) -> None:
        super().__init__(message)
        self.pointer = pointer


class FetchError(BadRequest):
    """An address leads to nothing that can be used: no host, no reply, too much, another type."""

    code = "fetch_failed"


class FetchRefused(FetchError):
    """An address that must not be opened: not public, not http, with credentials in it."""

    code = "fetch_refused"


class SearchUnavailable(FetchError):
    """Nothing can be searched: no provider is configured, and the owner's index is empty."""

    code = "search_unavailable"


class BudgetExceeded(PellucidError):
    """A budget is used up; the message names the scope and its limit."""

    code = "budget_exceeded"


class EngineError(PellucidError):
    """The engine refused or failed."""

    code = "engine_error"


class EngineDied(EngineError):
    """The engine's process went away in the middle of a request."""

    code = "engine_died"
    retryable = True


class EngineBusy(EngineError):
    """The engine's queue is full; `retry_after` seconds from now it may not be."""

    code = "engine_busy"
    retryable = True

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DeadlineMissed(EngineBusy):
    """The first token did not come before the request's deadline, or would not have."""

    code = "deadline_missed"


class WeightsError(PellucidError):
    """Weights cannot be fetched, verified or understood."""

    code = "weights_error"


class SandboxError(PellucidError):
    """The sandbox failed; code that fails inside it is a result, not this."""

    code = "sandbox_error"
    retryable = True


class SandboxUnavailable(SandboxError):
    """This machine offers no isolation that code may run under."""

    code = "sandbox_unavailable"
    retryable = False


class ReceiptError(PellucidError):
    """A receipt cannot be read or does not hold together."""

    code = "receipt_error"
