"""Answers of the published marts for programs that speak the Model Context Protocol.

Nothing but the published file is read, and it is opened anew for each question, so that an answer
is of one generation, and of the one that readers see. No model is called: whoever asks brings one.
"""
