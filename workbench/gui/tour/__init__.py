"""The guided tour: run, approve, break a description, see why, fix it."""
