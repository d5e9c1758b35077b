package io.dimee.serdes;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what a piece of work allocates on the heap. */
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** Returns the bytes that the work allocates once its classes are loaded. */
  static long of(Runnable work) {
    work.run();
    long before = soFar();
    work.run();
    return soFar() - before;
  }

  private static long soFar() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
