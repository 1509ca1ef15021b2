"""From pages to the site: made HTML, with fonts and scripts of others, indexed for the search, checked."""
