"""Draws the project as the state has it: nothing is provisioned, and no Score file is read.

`reading` makes a model (picture/) of the state; `draw` has that drawn, and written.
"""
