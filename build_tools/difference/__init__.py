"""What a change means: the wiki of one time held against that of another, in the words of its records."""
