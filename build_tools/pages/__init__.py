"""What is made of a checked wiki: what stands on each page, and how it is laid out; Markdown and data."""
