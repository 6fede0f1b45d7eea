"""Yesterday's run as today's input: played back, run again, forked, sampled. Nothing here repeats a side effect."""
