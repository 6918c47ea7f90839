"""The part that runs inside the sandbox: standard library only, never Pellucid's own modules.

    zygote   imports the libraries once and forks a session for each request
    jail     what a session gives up before it runs anything
    landlock the file rules of the level without namespaces
    cell     runs programs one after another and reports on each

The host reaches it as package `guest`, so modules here import each other relatively.
"""
