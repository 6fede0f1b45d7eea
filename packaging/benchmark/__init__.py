"""The measurements this project ships: rows, the programs they start, and the table they print."""
