"""SQL of people, asked read-only of one product's events and profiles.

**Threat model.** Whoever may ask SQL is a logged-in member (or their token) with the right to see people of
*this* product. They must not reach other products, the operational database, files, the network, the
server's configuration, or more time and memory than one question may use; and they must not write. The
text is taken for hostile: it may have been pasted from anywhere. Four fences, each enough for what it
covers:

1. `checking`: the engine's own parser says what a text is (`formatQuery`, `EXPLAIN AST`; neither runs
   anything). Exactly one SELECT; only node kinds, functions and table functions of a list of ours; tables
   only of the product's own database. What is not on a list is refused, so a newer engine opens nothing.
2. `tables`: each product has a database of views, with its columns listed one by one and its rows
   filtered inside the view.
3. `events.reading`: a connection of its own for each question, `readonly = 1` set last, with limits and
   with row filters on the underlying tables; the engine itself then refuses writes, settings, files and
   network.
4. `problems`: what the engine says is scrubbed of names and paths that are not the asker's.

What is left: functions are trusted to do what their names say, and a question may use the whole of its
limits. Questions queue, so that they cannot take the engine from the analyses.
"""
