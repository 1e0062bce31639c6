"""Gravity: a share g of the way from the status quo to the compromise. No paper; g = 0.75 is a judgement."""
import compromise


def outcome(position, salience, capability, status_quo, g=0.75):
    return g * compromise.outcome(position, salience, capability) + (1 - g) * status_quo
