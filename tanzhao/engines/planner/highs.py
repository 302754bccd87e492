"""HiGHS as both engines use it: a model kept as rows, loaded for one thread, interruptible."""

from collections.abc import Callable, Mapping

import highspy
import numpy as np

# HiGHS measures this by the wall clock; it only guards against a solver that never asks
# whether it should stop. Nodes and the caller's stopwatch are what ends a solve.
_SAFETY_SECONDS = 3600.0


class Rows:
    """Columns and rows of a model that is minimised, numbered from 0 as they are added.

    How they are added is said by the model of each engine.
    """

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.is_whole: list[bool] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self.starts: list[int] = [0]
        self.indices: list[int] = []
        self.values: list[float] = []

    def loaded(self, *, whole: bool, options: Mapping[str, int | float]) -> highspy.Highs:
        """Load the model; `whole` False leaves out that columns must be whole."""
        solver = highspy.Highs()
        solver.silent()
        usual = {"threads": 1, "parallel": "off", "time_limit": _SAFETY_SECONDS}
        for name, value in (usual | dict(options)).items():
            solver.setOptionValue(name, value)
        solver.passModel(self._model(whole=whole))
        return solver

    def _model(self, *, whole: bool) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.costs), len(self.row_lower)
        model.col_cost_ = np.array(self.costs, dtype=np.float64)
        model.col_lower_ = np.array(self.lower, dtype=np.float64)
        model.col_upper_ = np.array(self.upper, dtype=np.float64)
        model.row_lower_ = np.array(self.row_lower, dtype=np.float64)
        model.row_upper_ = np.array(self.row_upper, dtype=np.float64)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(self.indices, dtype=np.int32)
        model.a_matrix_.value_ = np.array(self.values, dtype=np.float64)
        if whole:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[is_whole] for is_whole in self.is_whole]
        return model


def interrupt_by(solver: highspy.Highs, is_over: Callable[[], bool]) -> None:
    """Let `is_over`, which the solver asks now and then, end what it does."""

    def ask(event: highspy.highs.HighsCallbackEvent) -> None:
        if is_over():
            event.interrupt()

    solver.cbMipInterrupt += ask
    solver.cbSimplexInterrupt += ask
