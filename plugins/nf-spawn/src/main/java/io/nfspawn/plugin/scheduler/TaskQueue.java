package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain tasks that wait, in lines of like tasks: when the first of a line cannot start, none of it
 * can, so a pass looks at lines and not at tasks.
 */
final class TaskQueue {
  private final Map<Shape, Line> lines = new LinkedHashMap<>();
  private final Map<TaskId, Waiting> byId = new HashMap<>();

  /** What makes tasks alike. */
  record Shape(String process, Resources resources, int maxForks) {
    static Shape of(TaskRequest task) {
      return new Shape(task.process(), task.resources(), task.maxForks());
    }
  }

  record Waiting(TaskRequest task, long sequence, Instant since) implements Candidate {
    @Override
    public String label() {
      return task.name();
    }

    @Override
    public List<TaskRequest> tasks() {
      return List.of(task);
    }

    @Override
    public List<Resources> needs() {
      return List.of(task.resources());
    }

    @Override
    public int forksOf(String process) {
      return task.process().equals(process) ? 1 : 0;
    }
  }

  /** Like tasks in order of arrival; those taken out of turn are skipped when they come up. */
  final class Line {
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int size;

    int size() {
      return size;
    }

    Waiting head() {
      while (true) {
        Waiting first = waiting.getFirst();
        if (contains(first)) {
          return first;
        }
        waiting.removeFirst();
      }
    }
  }

  /** Returns true when the task is the first of its kind, so that it may be able to start. */
  boolean add(Waiting waiting) {
    Line line = lines.computeIfAbsent(Shape.of(waiting.task()), shape -> new Line());
    line.waiting.addLast(waiting);
    line.size++;
    byId.put(waiting.task().id(), waiting);
    return line.size == 1;
  }

  boolean remove(TaskId id) {
    Waiting removed = byId.remove(id);
    if (removed == null) {
      return false;
    }
    Shape shape = Shape.of(removed.task());
    Line line = lines.get(shape);
    if (line != null && --line.size == 0) {
      lines.remove(shape);
    }
    return true;
  }

  /** Takes out all tasks like this one. */
  List<Waiting> removeLine(TaskRequest like) {
    List<Waiting> removed = new ArrayList<>();
    Line line = lines.get(Shape.of(like));
    while (line != null && line.size > 0) {
      Waiting head = line.head();
      remove(head.task().id());
      removed.add(head);
    }
    return removed;
  }

  boolean contains(Waiting waiting) {
    return waiting.equals(byId.get(waiting.task().id()));
  }

  @Nullable Waiting get(TaskId id) {
    return byId.get(id);
  }

  /** Waiting tasks in no particular order. */
  Collection<Waiting> all() {
    return byId.values();
  }

  Collection<Line> lines() {
    return Collections.unmodifiableCollection(lines.values());
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }
}
