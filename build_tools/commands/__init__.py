"""The commands, a module each: it takes the parsed arguments, prints, and returns the exit code."""

SOUND, PROBLEMS, USAGE = 0, 1, 2
