"""What a fit computes with: one name for arrays of numbers, whatever fits."""

from __future__ import annotations

import numpy as np

Array = np.ndarray
