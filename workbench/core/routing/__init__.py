"""Routing: which tools a round offers. Plans, rankings, and what comes of them; values and pure rules."""
