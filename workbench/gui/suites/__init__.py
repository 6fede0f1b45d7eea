"""Suites of cases: the page, and what adds to a suite from elsewhere."""
