"""Measurement: sets of questions, their standard graders, and runs that can be opened.

`tasks` is the registry, `systems` are the ways to ask, `runner` asks and keeps records,
`report` shows what came of it. The systems use the same door as everybody (`service`), so
what is measured is what users get.
"""
