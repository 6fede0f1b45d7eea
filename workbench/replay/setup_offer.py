"""Between what a run is made with and what a variant can change of it."""

import msgspec

from workbench.core.model_parameters import OUTPUT_LIMIT, overlaid
from workbench.core.variant import Offer
from workbench.engine.setup import RunSetup


def offer_of(setup: RunSetup) -> Offer:
    """What a variant could change of this setup."""
    return Offer(
        toolset=setup.toolset,
        instructions=setup.instructions,
        tool_choice=setup.tool_choice,
        parallel_calls=setup.parallel_calls,
        model=setup.spec,
        parameters=overlaid(setup.parameters, {OUTPUT_LIMIT: setup.max_output_tokens}),
    )


def with_offer(setup: RunSetup, offer: Offer, *, model: str, variant: str | None) -> RunSetup:
    """The setup with what is offered. `model` is the model's own name, the offer's is its SPEC."""
    limit = offer.parameters.get(OUTPUT_LIMIT)
    return msgspec.structs.replace(
        setup,
        toolset=offer.toolset,
        instructions=offer.instructions,
        tool_choice=offer.tool_choice,
        parallel_calls=offer.parallel_calls,
        spec=offer.model,
        parameters=overlaid(offer.parameters, {OUTPUT_LIMIT: None}),
        max_output_tokens=limit if isinstance(limit, int) else None,
        model=model,
        variant=variant,
    )
