"""The fab in motion: Numba kernels on record arrays. It knows neither money, people's names nor dates.

Files in reading order: jit, records, state, chance, calendar, queues, setups, dispatch, outages, steps, run, changes,
statistics. Time is float64 minutes since the fab's start; every id is a row number.
"""
