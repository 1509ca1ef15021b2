"""A change judged before it is merged: what it touches, what its records add, and what is told of it."""
