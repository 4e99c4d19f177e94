"""How the built-in fab `nanosheet-2nm` is made: equipment, modules, routes, plan, tables."""
