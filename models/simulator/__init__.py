"""Renders children who do each behaviour, for training and demonstration: a seed in, labelled video clips out.

A subject (`pools`, from the `ranges` of a domain) takes the pose (`body`) that a motion programme (`behaviours`) asks
for, is dressed (`figure`) and painted (`render`) over a room (`room`) as a camera (`camera`) sees it, and written as a
video (`clip`), one of a data set (`generate`) or a long one with several behaviours (`session`). `domains` says which
painter, lens and room belong to which ranges.
"""
