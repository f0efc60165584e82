package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The instances that exist or were asked for. Released and lost ones are forgotten. */
final class Instances {
  private final SchedulerConfig config;
  private final Turn turn;
  private final Map<InstanceId, Instance> byId = new LinkedHashMap<>();
  private long version;
  private int requested;

  Instances(SchedulerConfig config, Turn turn) {
    this.config = config;
    this.turn = turn;
  }

  /** Makes an instance that will be launched; ids are never used twice in a run. */
  Instance request(Resources asked) {
    requested++;
    Instance instance = new Instance(new InstanceId("i" + requested), asked, turn.now());
    byId.put(instance.id(), instance);
    version++;
    return instance;
  }

  @Nullable Instance get(InstanceId id) {
    return byId.get(id);
  }

  Collection<Instance> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** Where tasks may start now. */
  List<Instance> open() {
    return byId.values().stream().filter(Instance::isOpen).toList();
  }

  /** Where tasks may start now or once the agent has joined. */
  List<Instance> usable() {
    return byId.values().stream().filter(instance -> !instance.isCordoned()).toList();
  }

  int booting() {
    return (int) byId.values().stream().filter(instance -> !instance.isJoined()).count();
  }

  /** How many more may be launched. */
  int room() {
    return Math.max(0, config.maxInstances() - byId.size());
  }

  /** Changes whenever an instance comes, joins, is cordoned or goes. */
  long version() {
    return version;
  }

  void join(Instance instance, Resources capacity) {
    instance.join(capacity, turn.now());
    version++;
    turn.change();
  }

  /** Nothing new starts there, and it is released when it is empty. */
  void cordon(Instance instance, String reason) {
    instance.cordon(reason);
    version++;
    turn.change();
  }

  void forget(Instance instance) {
    byId.remove(instance.id());
    version++;
    turn.change();
  }

  void release(Instance instance, String reason) {
    turn.act(new Action.Release(instance.id(), reason));
    forget(instance);
  }

  /**
   * Releases what is not needed.
   *
   * @param wanted some task waits for room, so an idle instance may be about to be used
   * @param ending no task will come any more
   */
  void releaseUnneeded(boolean wanted, boolean ending) {
    for (Instance instance : new ArrayList<>(byId.values())) {
      if (!instance.isIdle()) {
        continue;
      }
      String cordon = instance.cordonReason();
      if (cordon != null) {
        release(instance, cordon);
      } else if (!wanted && ending) {
        release(instance, "no more tasks");
      } else if (!wanted && instance.isJoined() && !config.keepInstances() && isTired(instance)) {
        release(instance, "idle for " + Amounts.text(config.idleTimeout()));
      }
    }
  }

  private boolean isTired(Instance instance) {
    return !turn.now().isBefore(instance.since().plus(config.idleTimeout()));
  }
}
