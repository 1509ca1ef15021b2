"""The open benchmark: how well the wiki's checks tell true quotations and claims from changed ones."""
