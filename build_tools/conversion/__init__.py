"""The Markdown of compiled pages turned into the very HTML that Python-Markdown makes of it, in less time."""
