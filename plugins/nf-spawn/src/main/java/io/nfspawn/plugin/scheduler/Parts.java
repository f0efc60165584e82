package io.nfspawn.plugin.scheduler;

/** The parts that decide together; each owns its own state. */
record Parts(
    SchedulerConfig config,
    Turn turn,
    TaskQueue queue,
    InFlight inFlight,
    Instances instances,
    Launches launches,
    GangRules rules,
    Rounds rounds,
    Gangs gangs,
    Packing packing) {

  static Parts of(SchedulerConfig config) {
    Turn turn = new Turn();
    Packing packing = new Packing(config.largest());
    InFlight inFlight = new InFlight(config, turn);
    Instances instances = new Instances(config, turn);
    Launches launches = new Launches(config, turn, instances, inFlight, packing);
    GangRules rules = new GangRules(config, packing);
    Rounds rounds = new Rounds(config, turn, inFlight);
    Gangs gangs = new Gangs(config, turn, rules, rounds);
    return new Parts(
        config,
        turn,
        new TaskQueue(),
        inFlight,
        instances,
        launches,
        rules,
        rounds,
        gangs,
        packing);
  }
}
