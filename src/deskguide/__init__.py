"""deskguide: from words typed at a library's desk to guidance on the screen.

Importing the package costs nothing; each part is imported by the command that needs it.
"""

__version__ = "0.1.0"
