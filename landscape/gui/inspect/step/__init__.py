"""The page of the microscope: one update, stage by stage."""
