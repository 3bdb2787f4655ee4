"""Renders children who do each behaviour, for training and demonstration: a seed in, labelled video clips out.

A subject (`pools`) takes the pose (`body`) that a motion programme (`behaviours`) asks for, is dressed (`figure`) and
painted (`render`) over a room (`room`) as a camera (`camera`) sees it, and written as a video (`clip`).
"""
