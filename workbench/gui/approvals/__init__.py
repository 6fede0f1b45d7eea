"""Approval cards, questions of servers, and the dock of what waits."""
