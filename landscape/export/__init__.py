"""What leaves the program: pictures, films, tables, and all of them together.

Nothing is imported here, so that the window and the command line load matplotlib only once a picture is asked for.
"""
