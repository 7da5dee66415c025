"""A seat's Jupyter server."""

c = get_config()

# Formgrader shows its pages in a frame of the attendee's own origin.
c.ServerApp.tornado_settings = {
    "headers": {"Content-Security-Policy": "frame-ancestors 'self'"}
}
# Lab's news and its extension shop would need a network that a seat does not have.
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None
# The look of the camp, which the seat's start puts into the home.
c.LabApp.custom_css = True
c.FileContentsManager.delete_to_trash = False
# A terminal is a login shell of the attendee, in their home.
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash", "-l"]}
# A new notebook speaks Puppet. Python is for exercises of other courses, and those are
# the kernels that grading knows. They listen on sockets in the file system, since other
# programs of the seat have no business with them.
c.KernelSpecManager.ensure_native_kernel = False
c.KernelSpecManager.allowed_kernelspecs = {"puppet", "python3"}
c.MultiKernelManager.default_kernel_name = "puppet"
c.KernelManager.transport = "ipc"
# A kernel that nobody looks at keeps its variables; a seat's time is limited anyway.
c.MappingKernelManager.cull_idle_timeout = 0
