"""Graphics items that several views draw with."""
