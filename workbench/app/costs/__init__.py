"""Prices, what a run has cost, and what sampling would cost and take."""
