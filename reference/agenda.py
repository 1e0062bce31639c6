"""Agenda setting: the point that serves the proposer best, of those that enough others accept over the status quo
(Romer & Rosenthal 1978). Every point where someone's mind changes is tried."""
import rules


def accepts(y, ideal, status_quo):
    """Weak: who does not care accepts."""
    return abs(y - ideal) <= abs(status_quo - ideal)


def win_set(rule, position, status_quo, low, high):
    """The farthest points on both sides of the status quo that can be passed. Minds change at mirror images only; with
    exact numbers (fractions) the test at a mirror image itself is exact."""
    n = len(position)
    points = [status_quo, low, high] + [2 * x - status_quo for x in position]
    passing = [y for y in points if low <= y <= high and
               rules.decides(rule, n, {i for i in range(n) if accepts(y, position[i], status_quo)})]
    return min(passing + [status_quo]), max(passing + [status_quo])


def outcome(rule, position, status_quo, ideal, low, high):
    down, up = win_set(rule, position, status_quo, low, high)
    return min(max(ideal, down), up)
