"""Linting a project: vendor limits, places in files, SARIF, baselines."""
