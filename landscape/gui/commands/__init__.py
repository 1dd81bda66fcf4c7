"""What the user can order: tool bars, menus, keys, files and exports."""
