package io.dimee.lab.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Splits this process's processor time by what its threads do. What no Java thread has used is the
 * JVM's own: compiler and garbage collector.
 */
final class ProcessorClock {
  private static final String ALL = "all of the pipeline";
  private static final String JVM = "Java's compiler and collector";
  private static final String BROKER = "broker, and what is left";

  /** Patterns of thread names; the first that fits counts. */
  private static final Map<String, Pattern> PARTS = parts();

  private static final double NANOS_PER_MILLI = 1e6;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Map<String, List<Double>> millisPerEvent = new LinkedHashMap<>();
  private Map<Long, Long> nanosBefore = Map.of();
  private long processBefore;

  private static Map<String, Pattern> parts() {
    Map<String, Pattern> parts = new LinkedHashMap<>();
    parts.put("tiers' workers", Pattern.compile("dimee-(mobile|edge|cloud).*"));
    parts.put("their clients' network threads", Pattern.compile("kafka-(producer|coordinator).*"));
    parts.put("router", Pattern.compile(".*StreamThread.*"));
    parts.put("the load itself", Pattern.compile("main|ForkJoinPool.*"));
    return parts;
  }

  /** Begins a round. */
  void begin() {
    nanosBefore = nanos();
    processBefore = process.getProcessCpuTime();
  }

  /** Ends a round in which so many events were answered. */
  void end(int events) {
    long total = process.getProcessCpuTime() - processBefore;
    Map<String, Long> used = new HashMap<>();
    long java = 0;
    for (Map.Entry<Long, Long> thread : nanos().entrySet()) {
      long nanos = thread.getValue() - nanosBefore.getOrDefault(thread.getKey(), 0L);
      ThreadInfo info = threads.getThreadInfo(thread.getKey());
      if (info != null) {
        used.merge(part(info.getThreadName()), nanos, Long::sum);
        java += nanos;
      }
    }
    for (String part : PARTS.keySet()) {
      add(part, used.getOrDefault(part, 0L), events);
    }
    add(BROKER, used.getOrDefault(BROKER, 0L), events);
    add(JVM, Math.max(0, total - java), events);
    add(ALL, total, events);
  }

  /** Ends a round in which something else answered so many events. */
  void endOf(String whole, int events) {
    add(whole, process.getProcessCpuTime() - processBefore, events);
  }

  private void add(String part, long nanos, int events) {
    millisPerEvent
        .computeIfAbsent(part, name -> new ArrayList<>())
        .add(nanos / NANOS_PER_MILLI / events);
  }

  private static String part(String thread) {
    return PARTS.entrySet().stream()
        .filter(part -> part.getValue().matcher(thread).matches())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(BROKER);
  }

  private Map<Long, Long> nanos() {
    Map<Long, Long> nanos = new HashMap<>();
    for (long id : threads.getAllThreadIds()) {
      // -1 when it has just ended
      nanos.put(id, Math.max(0, threads.getThreadCpuTime(id)));
    }
    return nanos;
  }

  /** All rounds. */
  List<ProcessorUse> results() {
    return millisPerEvent.entrySet().stream()
        .map(part -> new ProcessorUse(part.getKey(), Spread.of(part.getValue())))
        .toList();
  }
}
