"""The commands, a module each: it takes the parsed arguments, prints, and returns the exit code."""

SOUND, PROBLEMS = 0, 1
