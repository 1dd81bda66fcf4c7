"""The page of digits: what one model makes of each of them, what each costs, and what it says to a drawn one."""
