"""Models and how they are reached: specs, connections, providers."""
