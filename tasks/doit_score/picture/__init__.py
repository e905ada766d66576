"""Pictures of a project: a model of what there is and how it hangs together, and texts made of it.

Everything here takes and returns values; who reads the state and writes files is drawing/.
"""
