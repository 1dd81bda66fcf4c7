"""The landscape in three dimensions, drawn with Qt's OpenGL."""
