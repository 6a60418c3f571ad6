"""The links of a page: which are its list, and expressions that select them and their titles."""
