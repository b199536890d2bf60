"""The benchmarks: each measures a promise as a ratio to a bare baseline of the same run."""
