"""From the words of a description to a ranked, explained, calibrated answer. Pure: no files but the word table.

``compile_index`` turns scenarios into small entries once; ``rank`` reads those few that a description touches.
"""
