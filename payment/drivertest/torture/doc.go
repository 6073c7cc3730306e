// Package torture runs seeded fault campaigns against any driver: thousands of
// short random days of a shop, each on a fresh till, journal and simulated
// terminal that are joined by a network which loses, repeats, reorders and
// cuts what passes through it, while the process dies at its writes, the disk
// fills up and the clock jumps. After every run the terminal's own ledger is
// held against the journal.
//
// A driver joins in with a [Harness] and one call of [Run] in its tests. All of
// a run lives in one bubble of testing/synctest, so hours of waiting pass in no
// time. Whatever is drawn at random is drawn before the run begins and lies in
// its plan; during the run nothing but the plan decides. A violation prints the
// seed of its run and the shortest plan found that still brings it about.
//
// Two variables of the environment steer a campaign:
//
//	TILLKEEPER_TORTURE_RUNS  how many runs; without it, about ten seconds' worth
//	TILLKEEPER_TORTURE_SEED  the first run's seed; each further run has the next one
//
// A run is repeated with its seed and TILLKEEPER_TORTURE_RUNS=1.
package torture
