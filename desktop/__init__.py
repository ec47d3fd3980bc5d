"""What a user can do, with a window and without one."""
