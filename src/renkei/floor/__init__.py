"""The fab in motion: Numba kernels on record arrays. It knows neither money, people's names nor dates.

Files in reading order: jit, records, state, rowtype, tables, chance, calendar, queues, setups, ranking, dispatch,
crews, ways, outages, reservations, steps, jobs, arrivals, releases, causes, account, run, changes, drive. Time is
float64 minutes since the fab's start; every id is a row number.
"""
