"""Runs as OpenTelemetry spans, after the conventions for generative AI. Pure."""
