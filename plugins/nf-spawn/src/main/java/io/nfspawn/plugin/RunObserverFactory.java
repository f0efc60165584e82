package io.nfspawn.plugin;

import io.nfspawn.plugin.config.ConfigProblems;
import io.nfspawn.plugin.gang.GangKeys;
import io.nfspawn.plugin.summary.RunTimes;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import nextflow.Session;
import nextflow.processor.TaskProcessor;
import nextflow.trace.TraceObserverFactoryV2;
import nextflow.trace.TraceObserverV2;
import nextflow.trace.event.TaskEvent;
import org.jspecify.annotations.Nullable;

/** Watches a run for the plugin. */
public class RunObserverFactory implements TraceObserverFactoryV2 {

  @Override
  public Collection<TraceObserverV2> create(Session session) {
    expectTasks(session);
    return List.of(
        observer(
            new StageObserver(RunTimes.of(session)),
            new GangObserver(new GangKeys(PluginHome.present().version()))));
  }

  /** Observers are made before the script is read: time to start what the first task needs. */
  private static void expectTasks(Session session) {
    boolean expected =
        !session.getResumeMode()
            && session.getConfig().get("process") instanceof Map<?, ?> process
            && SpawnRun.NAME.equals(String.valueOf(process.get("executor")));
    if (expected) {
      try {
        SpawnRun.of(session).expectTasks();
      } catch (ConfigProblems e) {
        // told when the executor is set up, where Nextflow shows it as an error of the run
      }
    }
  }

  /**
   * Methods that Nextflow adds to the interface later have no body here: a proxy answers nothing to
   * them, where a class would fail with AbstractMethodError.
   */
  private static TraceObserverV2 observer(StageObserver stages, GangObserver gangs) {
    InvocationHandler handler =
        (proxy, method, arguments) -> answer(stages, gangs, proxy, method, arguments);
    return (TraceObserverV2)
        Proxy.newProxyInstance(
            RunObserverFactory.class.getClassLoader(),
            new Class<?>[] {TraceObserverV2.class},
            handler);
  }

  private static @Nullable Object answer(
      StageObserver stages,
      GangObserver gangs,
      Object proxy,
      Method method,
      Object @Nullable [] arguments) {
    Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
    switch (method.getName()) {
      case "onTaskComplete" -> stages.completed((TaskEvent) first);
      case "onTaskCached" -> {
        stages.cached((TaskEvent) first);
        gangs.cached((TaskEvent) first);
      }
      case "onProcessCreate" -> gangs.processCreated((TaskProcessor) first);
      case "enableMetrics" -> {
        return false; // metrics cost three times the CPU of a small task
      }
      case "equals" -> {
        return proxy == first;
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      case "toString" -> {
        return "nf-spawn's observer";
      }
      default -> {}
    }
    return null;
  }
}
