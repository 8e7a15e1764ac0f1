"""Asks other solvers, those that are installed, what they say of scripts in SMT-LIB 2.

Reads the names of files, one a line; for each it prints solver, answer and name, with tabs between them.
"""

import sys


def bitwuzla_says(name):
    options = bitwuzla.Options()
    parser = bitwuzla.Parser(bitwuzla.TermManager(), options)
    parser.parse(name, True)
    return str(parser.bitwuzla().check_sat())


def cvc5_says(name):
    solver = cvc5.Solver(cvc5.TermManager())
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, name)
    said = []
    while True:
        command = parser.nextCommand()
        if command.isNull():
            return "".join(said).strip()
        said.append(command.invoke(solver, parser.getSymbolManager()))


solvers = {}
try:
    import bitwuzla

    solvers["bitwuzla"] = bitwuzla_says
except ImportError:
    pass
try:
    import cvc5

    solvers["cvc5"] = cvc5_says
except ImportError:
    pass

for line in sys.stdin:
    for solver, says in solvers.items():
        name = line.rstrip("\n")
        print(solver, says(name), name, sep="\t", flush=True)
