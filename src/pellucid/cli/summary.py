"""The last line of an answer: tokens, seconds, money, effort, receipt."""

from decimal import Decimal
from pathlib import Path

from pellucid.core.effort import Spent
from pellucid.core.usage import Usage

MILLION = 1_000_000


def cost(usage: Usage, fresh: Decimal, cached: Decimal, output: Decimal) -> Decimal:
    """Dollars at list prices per million tokens; cached input has its own price."""
    cents = (usage.prompt - usage.cached) * fresh + usage.cached * cached
    return (cents + usage.completion * output) / MILLION


def money(amount: Decimal) -> str:
    """Dollars to a millionth: an answer costs less than a cent."""
    return f"${amount:,.6f}"


def summary(usage: Usage, price: Decimal | None, spent: Spent | None, receipt: Path | None) -> str:
    """Exactly one line."""
    parts = [
        f"tokens: in {usage.prompt:,}, cached {usage.cached:,}, "
        f"thinking {usage.reasoning:,}, out {usage.completion:,}",
        f"first token {usage.first_token:.1f} s, in all {usage.seconds:.1f} s",
    ]
    if price is not None:
        parts.append(f"{money(price)} at list price")
    if spent is not None and spent.asked != spent.granted:
        used = f"{spent.thinking_tokens:,} thinking tokens used"
        parts.append(f"effort: {spent.asked} asked, {spent.granted} granted, {used}")
    if receipt is not None:
        parts.append(f"receipt {receipt}")
    return " · ".join(" ".join(part.split()) for part in parts)
