"""The figures that comentor is held to, measured on the machine at hand: `python -m benchmarks`."""
