"""How fast the compiler is, beside plain MkDocs and Zensical: measured, written down, told and drawn."""
