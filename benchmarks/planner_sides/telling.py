"""How a side of the benchmark tells what it found: one JSON line at each step."""

import json
import sys
import time


class Teller:
    """Writes lines {"at": processor seconds, "bound": …, "plan": …} to standard output.

    Costs are not told: whoever compares the sides counts them, and the rules broken, from the
    plans themselves. `marks`: the processor seconds at which the sides are compared.
    """

    def __init__(self, marks):
        self.began, self.marks = time.process_time(), marks
        self.bound = None
        self.cost = None

    @property
    def seconds(self):
        return time.process_time() - self.began

    @property
    def is_over(self):
        return self.seconds >= self.marks[-1]

    def tell(self, *, cost=None, bound=None, plan=None, at=None):
        """Tell a better bound, a plan, or (of ours only, checked against its plan) a cost."""
        line = {"at": round(self.seconds if at is None else at, 2)}
        if bound is not None and (self.bound is None or bound > self.bound):
            self.bound = line["bound"] = bound
        if cost is not None and (self.cost is None or cost < self.cost):
            self.cost = line["cost"] = cost
        if plan is not None:
            line["plan"] = plan
        if len(line) > 1:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()

    def tell_best_of(self, found, as_plan):
        """Tell, for each mark, the last of `found` (seconds, values) that was there by then."""
        told = set()
        for mark in self.marks:
            there = [at for at, _values in found if at <= mark]
            if there and there[-1] not in told:
                told.add(there[-1])
                self.tell(plan=as_plan(dict(found)[there[-1]]), at=there[-1])
