"""The form in which the next run is set up."""
