"""Which tools a round is offered, and why: what the inspector and the routing page show."""
