package io.dimee.console;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or SIGTERM as a request: the command sees it, closes what it owns and ends. A second one
 * ends the process at once.
 *
 * <p>No shutdown hook: in a JVM's shutdown all hooks run at the same time, and ONNX Runtime's frees
 * its environment under the feet of a batch that is still computed. Signals are reached by
 * reflection, as in Kafka, since javac warns of every mention of the JDK's unsupported API.
 */
public final class Interrupt implements AutoCloseable {
  private static final List<String> SIGNALS = List.of("INT", "TERM");

  /** Added to a signal's number, the exit code of a process that it ended. */
  private static final int SIGNALLED = 128;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final Map<String, Object> handlersBefore = new LinkedHashMap<>();

  private Interrupt() {}

  /**
   * Begins to listen. Open it before all that must be closed when the signal comes.
   *
   * @throws IllegalStateException where the JVM does not let us, as under -Xrs
   */
  public static Interrupt install() {
    Interrupt interrupt = new Interrupt();
    try {
      Object handler =
          Proxy.newProxyInstance(
              Interrupt.class.getClassLoader(),
              new Class<?>[] {handlerType()},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  interrupt.request((int) signalType().getMethod("getNumber").invoke(arguments[0]));
                }
                return null;
              });
      for (String signal : SIGNALS) {
        interrupt.handlersBefore.put(signal, handle(signal, handler));
      }
      return interrupt;
    } catch (ReflectiveOperationException e) {
      interrupt.close();
      throw new IllegalStateException("this JVM does not let programs handle " + SIGNALS, e);
    }
  }

  private static Class<?> signalType() throws ClassNotFoundException {
    return Class.forName("sun.misc.Signal");
  }

  private static Class<?> handlerType() throws ClassNotFoundException {
    return Class.forName("sun.misc.SignalHandler");
  }

  /** Sets a signal's handler and returns the one before. */
  private static Object handle(String signal, Object handler) throws ReflectiveOperationException {
    Class<?> type = signalType();
    return type.getMethod("handle", type, handlerType())
        .invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
  }

  private void request(int signal) {
    if (isRequested()) {
      Runtime.getRuntime().halt(SIGNALLED + signal);
    }
    requested.countDown();
  }

  /** Whether the signal has come. */
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits for the signal. */
  public void await() throws InterruptedException {
    requested.await();
  }

  /** Waits a while; returns whether the signal has come. */
  public boolean await(long millis) throws InterruptedException {
    return requested.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    try {
      for (Map.Entry<String, Object> before : handlersBefore.entrySet()) {
        handle(before.getKey(), before.getValue());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot restore the handlers of " + SIGNALS, e);
    }
  }
}
