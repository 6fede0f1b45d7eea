"""Sends recorded runs and verdicts to OpenTelemetry."""
