"""Models: https://platform.openai.com/docs/api-reference/models, with what they cost to think."""

from typing import Any

from pellucid.api.wire.common import Offer

Json = dict[str, Any]
CREATED = 1_795_000_000
"""When these models were first offered; OpenAI's clients want a number."""


def listed(offer: Offer) -> Json:
    """All models, then their snapshots, then their other names."""
    names = (*offer.models, *offer.pinned(), *offer.aliases)
    return {"object": "list", "data": [one(offer, name) for name in names]}


def one(offer: Offer, name: str) -> Json:
    """A model by any of its names; WireError 404 for one that does not exist."""
    model = offer.model(name)
    efforts = {name: dict(row) for name, row in offer.efforts.items()}
    told: Json = {"usual_effort": offer.models[model], "efforts": efforts}
    if model in offer.snapshots:
        told["snapshot"] = offer.snapshots[model].told(model)
    if model != name:
        told["snapshot_of" if name in offer.pinned() else "alias_of"] = model
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "pellucid"} | {
        "pellucid": told
    }
