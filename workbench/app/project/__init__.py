"""The open project's folder, its settings and the user's: create it, find it again, and change its file safely."""
