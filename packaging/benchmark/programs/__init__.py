"""What is measured: each program is one fresh process. It takes one JSON argument and prints one JSON line."""
