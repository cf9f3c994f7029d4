"""Motion <-> numbers a network predicts: spline control points of SMPL-native features.

``layout`` declares the numbers, ``features`` turns a clip into them and back, ``spline`` turns frames into control
points and back, ``statistics`` scales them.
"""
