"""The steps by which the tables of a store grow; `notebook.migrate` runs them."""
