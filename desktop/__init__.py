"""What a user can do, with a window and without one."""

from time import monotonic as _monotonic

BEGUN_S = _monotonic()  # when the program began to load; a start is measured from here
