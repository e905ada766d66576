"""From a workload and the outputs of its resources to a Compose project, without any I/O.

``convert`` makes the services and mount files of one workload, ``service`` checks what provisioners
return, ``project`` puts entries together and looks for what Compose would refuse, ``publish``
handles ``--publish``.
"""
