"""The open project's folder: create it, find it again, and change its file safely."""
